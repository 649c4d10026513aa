using System.Globalization;
using System.Net;
using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Decides to which network each adapter goes, and with which addresses.</summary>
internal sealed class PortPlanner(CloudSession session, CloudJobOptions options, CancellationToken cancel)
{
    private readonly NetworksClient _networks = new(session);
    private readonly Dictionary<string, Network> _found = new(StringComparer.Ordinal);

    public IReadOnlyList<CloudPort> Plan(Machine machine, string serverName, bool describesMachine)
    {
        // A disk image says nothing of adapters: it gets one when a network is named.
        IReadOnlyList<MachineNic> nics = describesMachine ? machine.Nics : options.Network is null ? [] : [new MachineNic { Label = "Network adapter 1" }];
        return nics.Select((nic, i) => Port(nic, i, serverName)).ToList();
    }

    private CloudPort Port(MachineNic nic, int index, string serverName)
    {
        var network = NetworkOf(nic);
        return new CloudPort(index, $"{serverName}-port{index}", network.Id, network.Name, options.NewMacAddresses ? null : nic.MacAddress, Addresses(nic, index, network));
    }

    private Network NetworkOf(MachineNic nic)
    {
        foreach (var key in new[] { nic.MacAddress, nic.Label, nic.NetworkName })
        {
            if (key is not null && options.Networks.TryGetValue(key, out var named))
                return Find(named);
        }

        if (options.Network is { } standard)
            return Find(standard);
        var mine = _networks.List(cancel).Where(n => !n.IsExternal).ToList();
        // The source's own name for it, or the only one there is.
        return mine.FirstOrDefault(n => string.Equals(n.Name, nic.NetworkName, StringComparison.OrdinalIgnoreCase)) ?? (mine.Count == 1 ? mine[0] : throw new OsMigrateException(
            ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{nic.Label}' is in the network '{nic.NetworkName}', and it is not clear which network of the cloud '{session.Name}' that shall be: {string.Join(", ", mine.Select(n => n.Name).Take(20))}.", nic.Label)
        {
            Advice = "Name one with -Network, or give a table: -NetworkMap @{ 'VM Network' = 'prod-net' }.",
        });
    }

    private Network Find(string name) => _found.TryGetValue(name, out var known) ? known : _found[name] = _networks.Find(name, cancel);

    private IReadOnlyList<string> Addresses(MachineNic nic, int index, Network network)
    {
        var given = new[] { nic.MacAddress, nic.Label, index.ToString(CultureInfo.InvariantCulture) }
            .Select(key => key is not null && options.IPAddresses.TryGetValue(key, out var text) ? text : null).FirstOrDefault(t => t is not null);
        IReadOnlyList<string> wanted = given is not null ? given.Split(',').Select(a => a.Trim()).Where(a => a.Length > 0).ToList() : options.KeepIPAddress ? nic.IPAddresses : [];
        if (wanted.Count == 0 && options.KeepIPAddress)
        {
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"The source does not say which address '{nic.Label}' ({nic.MacAddress ?? "no MAC address"}) has.", nic.Label)
            {
                Advice = $"Give it: -IPAddress @{{ '{nic.MacAddress ?? nic.Label}' = '10.0.0.5' }}.",
            };
        }

        foreach (var address in wanted)
            RequireFitting(address, network);
        return wanted;
    }

    private void RequireFitting(string address, Network network)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{address}' is not an IP address.", address);
        var subnets = _networks.Subnets(cancel, network.Id).ToList();
        if (!subnets.Any(s => IpRange.Contains(s.Cidr, parsed)))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"The network '{network.Name}' has no subnet for {address}: it has {string.Join(", ", subnets.Select(s => s.Cidr).DefaultIfEmpty("none"))}.", address);
    }
}
