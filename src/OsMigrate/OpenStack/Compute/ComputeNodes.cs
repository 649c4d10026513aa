using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>What a cloud tells of the machine behind a compute host.</summary>
/// <param name="Host">Nova's name of the host.</param>
/// <param name="Type">As Nova's driver names itself: QEMU (libvirt with KVM or without), xen, fake, VMware vCenter Server ...</param>
/// <param name="Version">The hypervisor's: "7.2.22"; null when there is none to read.</param>
/// <param name="Features">CPU features of the host as libvirt names them.</param>
/// <param name="Traits">What Placement says guests on it can have; null when it was not to be asked.</param>
/// <param name="VirtType">virt_type of Nova's driver, as the diagnostics of a server running there tell it: kvm, qemu; null when none runs there or Nova does not say.</param>
public sealed record ComputeNode(
    string Id, string Host, string Type, string? Version, string? Address, string? Architecture, string? Vendor, string? Model,
    IReadOnlyList<string> Features, IReadOnlyList<string>? Traits, string? VirtType);

/// <summary>Reads compute hosts with their processors and traits. Only administrators are told.</summary>
/// <remarks>Sources: Compute API v2.1, "Hypervisors" and "Servers diagnostics" (2.48); Placement API, "Resource provider traits" (1.6).</remarks>
public sealed class ComputeNodes(CloudSession session)
{
    private static readonly Microversion WithDiagnostics = new(2, 48);
    private static readonly Microversion WithTraits = new(1, 6);

    /// <summary>From 2.88 on the processor is not told any more.</summary>
    private static readonly Microversion WithProcessor = new(2, 87);

    public IEnumerable<ComputeNode> All(CancellationToken cancel)
        => session.Compute.List("os-hypervisors/detail", "hypervisors", cancel, session.Compute.Best(WithProcessor, cancel)).Select(h => Node(h, cancel));

    private ComputeNode Node(JsonFields hypervisor, CancellationToken cancel)
    {
        var id = hypervisor.Needed("id");
        var host = hypervisor.Object("service")?.Text("host") ?? hypervisor.Text("hypervisor_hostname") ?? id;
        var processor = hypervisor.Object("cpu_info");
        var type = hypervisor.Text("hypervisor_type") ?? "";
        return new ComputeNode(
            id, host, type, VersionText(hypervisor.Whole("hypervisor_version")), hypervisor.Text("host_ip"),
            processor?.Text("arch"), processor?.Text("vendor"), processor?.Text("model"), processor?.Texts("features") ?? [], TraitsOf(id, cancel),
            // Only libvirt's driver has a virt_type; the fake one invents its diagnostics.
            type == "QEMU" ? VirtTypeOf(host, cancel) : null);
    }

    /// <summary>libvirt counts versions as a million for each major, a thousand for each minor.</summary>
    private static string? VersionText(long? number)
        => number is { } n and >= 1_000_000 ? string.Format(CultureInfo.InvariantCulture, "{0}.{1}.{2}", n / 1_000_000, n / 1000 % 1000, n % 1000) : null;

    private IReadOnlyList<string>? TraitsOf(string id, CancellationToken cancel)
    {
        try
        {
            return session.Placement.TryGet($"resource_providers/{Uri.EscapeDataString(id)}/traits", "traits", cancel, WithTraits)?.Texts("traits");
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.CloudForbidden or ErrorIds.CloudNoService)
        {
            return null;
        }
    }

    private string? VirtTypeOf(string host, CancellationToken cancel)
    {
        var query = $"servers?all_tenants=1&status=ACTIVE&limit=1&host={Uri.EscapeDataString(host)}";
        try
        {
            var server = session.Compute.Get(query, "servers", cancel).Objects("servers").FirstOrDefault().Text("id");
            return server is null ? null : session.Compute.Get($"servers/{Uri.EscapeDataString(server)}/diagnostics", "diagnostics", cancel, session.Compute.Best(WithDiagnostics, cancel)).Text("hypervisor");
        }
        catch (CloudException)
        {
            // The server went away or changed its state meanwhile, or its driver has no diagnostics: then it is not known.
            return null;
        }
    }
}
