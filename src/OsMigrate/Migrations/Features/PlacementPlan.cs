using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Features;

/// <summary>Where, when and with which metadata the server of one machine is made.</summary>
public sealed record MachinePlacement(string Server, string MachineId, string Machine)
{
    public string? ServerGroupId { get; init; }

    public string? AvailabilityZone { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Image properties.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Machines of smaller waves are moved first; null where no order was asked for.</summary>
    public int? Wave { get; init; }
}

/// <summary>Something that says where servers are made: what the conversions of rules, orders and metadata return.</summary>
public interface IPlacementPart
{
    /// <summary>Name of the cloud that it is about; null for any.</summary>
    string? CloudOfPlacements();

    IEnumerable<MachinePlacement> Placements();
}

/// <summary>All that was converted, by machine.</summary>
public sealed class PlacementPlan
{
    private readonly Dictionary<(string Server, string Id), MachinePlacement> _byId = [];
    private readonly IReadOnlyList<string> _clouds;

    public PlacementPlan(IEnumerable<IPlacementPart> parts)
    {
        var all = parts.ToList();
        _clouds = [.. all.Select(static p => p.CloudOfPlacements()).OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (var placement in all.SelectMany(static p => p.Placements()))
        {
            var key = (placement.Server, placement.MachineId);
            _byId[key] = _byId.TryGetValue(key, out var known) ? Merge(known, placement) : placement;
        }
    }

    public bool IsEmpty => _byId.Count == 0;

    /// <summary>Server groups and zones of one cloud mean nothing in another.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>.</exception>
    public void RequireCloud(string cloud)
    {
        if (_clouds.FirstOrDefault(c => c != cloud) is { } other)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"The placement was made for the cloud '{other}', not for '{cloud}'.", other);
    }

    /// <summary>The placement of a machine of vSphere; one that says nothing when there is none.</summary>
    public MachinePlacement Of(string server, string id, string name)
        => _byId.TryGetValue((server, id), out var found) ? found : new MachinePlacement(server, id, name);

    /// <summary>The placement of a machine in a file, which has only its name in common; none when several have it.</summary>
    public MachinePlacement OfName(string name)
    {
        var named = _byId.Values.Where(p => string.Equals(p.Machine, name, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return named.Count == 1 ? named[0] : new MachinePlacement("", "", name);
    }

    private static MachinePlacement Merge(MachinePlacement first, MachinePlacement second)
    {
        if (first.ServerGroupId is { } one && second.ServerGroupId is { } other && one != other)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"The placement puts '{first.Machine}' into two server groups, {one} and {other}; a server can be in one.", first.Machine);
        return first with
        {
            ServerGroupId = first.ServerGroupId ?? second.ServerGroupId,
            AvailabilityZone = first.AvailabilityZone ?? second.AvailabilityZone,
            Metadata = Merge(first.Metadata, second.Metadata),
            Properties = Merge(first.Properties, second.Properties),
            Wave = first.Wave ?? second.Wave,
        };
    }

    /// <summary>Both together; where both have a key, the second counts.</summary>
    internal static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        var all = first.ToDictionary(static p => p.Key, static p => p.Value, StringComparer.Ordinal);
        foreach (var entry in second)
            all[entry.Key] = entry.Value;
        return all;
    }
}
