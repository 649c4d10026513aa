using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of images.</summary>
public sealed class ImageCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new ImagesClient(session).List(cancel).Select(i => (i.Name, $"{i.Name}, {i.DiskFormat}, {i.Status}"));
}

/// <summary>Completes names of servers.</summary>
public sealed class ServerCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new ServersClient(session).List(cancel).Select(s => (s.Name, $"{s.Name}, {s.Status}"));
}

/// <summary>Completes names of flavors.</summary>
public sealed class FlavorCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new FlavorsClient(session).List(cancel).Select(f => (f.Name, $"{f.Name}: {f.CpuCount} CPUs, {f.MemoryMiB} MiB, {f.DiskGiB} GiB"));
}

/// <summary>Completes names of volumes.</summary>
public sealed class VolumeCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new VolumesClient(session).List(cancel).Select(v => (v.Name, $"{v.Name}, {v.SizeGiB} GiB, {v.Status}"));
}

/// <summary>Completes names of volume types.</summary>
public sealed class VolumeTypeCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new VolumesClient(session).Types(cancel).Select(t => (t.Name, t.Description ?? t.Name));
}

/// <summary>Completes names of networks.</summary>
public sealed class NetworkCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new NetworksClient(session).List(cancel).Select(n => (n.Name, $"{n.Name}, {n.Status}"));
}

/// <summary>Completes names of ports.</summary>
public sealed class PortCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new NetworksClient(session).Ports(cancel).Select(p => (p.Name, $"{p.Name}, {p.MacAddress}"));
}

/// <summary>Completes names of security groups.</summary>
public sealed class SecurityGroupCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new NetworksClient(session).SecurityGroups(cancel).Select(g => (g.Name, g.Description ?? g.Name));
}

/// <summary>Completes names of subnets.</summary>
public sealed class SubnetCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new NetworksClient(session).Subnets(cancel).Select(s => (s.Name, $"{s.Name}, {s.Cidr}"));
}

/// <summary>Completes names of server groups.</summary>
public sealed class ServerGroupCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new ServerGroupsClient(session).List(cancel).Select(g => (g.Name, $"{g.Name}, {g.Policy}"));
}

/// <summary>Completes names of availability zones for servers.</summary>
public sealed class ZoneCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new ComputeSite(session).Zones(cancel).Select(z => (z.Name, z.IsAvailable ? z.Name : $"{z.Name}, not available"));
}

/// <summary>Completes names of key pairs.</summary>
public sealed class KeyPairCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new ComputeSite(session).KeyPairs(cancel).Select(k => (k.Name, $"{k.Name}, {k.Fingerprint}"));
}

/// <summary>Completes names of compute hosts.</summary>
public sealed class HostCompleter : CloudThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel)
        => new ComputeSite(session).Hypervisors(cancel).Select(h => (h.Host, $"{h.Host}, {h.Type}, {h.State}"));
}
