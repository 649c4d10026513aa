using OsMigrate.Bytes;

namespace OsMigrate.Partitions.Lvm;

/// <summary>A logical volume of Linux's LVM.</summary>
/// <param name="Group">Name of its volume group.</param>
/// <param name="Store">Its bytes; null where it cannot be read, see <paramref name="Reason"/>.</param>
/// <param name="Reason">Why it cannot be read: a missing disk, or a kind that is not put together here.</param>
public sealed record LvmVolume(string Group, string Name, ByteStore? Store, string? Reason)
{
    public override string ToString() => $"{Group}/{Name}";
}

/// <summary>Puts logical volumes together from the partitions that they lie on. Linear and striped ones; read only.</summary>
/// <remarks>Source: LVM2, format_text/import_vsn1.c: sizes in extents, extent_size and pe_start in sectors of 512 bytes.</remarks>
public static class LvmVolumes
{
    private const int Sector = 512;
    private const int MaxPieces = 1 << 20;
    private const int MaxVolumes = 4096;

    /// <param name="physical">The partitions and disks that carry LVM's label.</param>
    /// <exception cref="InvalidImageException">Metadata are damaged.</exception>
    public static IReadOnlyList<LvmVolume> Read(IEnumerable<ByteStore> physical)
    {
        var parts = physical.Select(LvmPhysicalVolume.Read).OfType<LvmPhysicalVolume>().ToList();
        var volumes = new List<LvmVolume>();
        // Each part carries a copy of its group's description; the newest counts.
        var groups = parts.Where(static p => p.Metadata is not null).SelectMany(static p => p.Metadata!.Sections.Where(static s => s.Value.Section("physical_volumes") is not null))
            .GroupBy(static s => s.Value.Text("id") ?? s.Key, StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var newest = group.OrderByDescending(static s => s.Value.Number("seqno") ?? 0).First();
            foreach (var volume in newest.Value.Section("logical_volumes")?.Sections ?? [])
            {
                if (volumes.Count < MaxVolumes && (volume.Value.List("status").Contains("VISIBLE") || volume.Value.List("status").Count == 0))
                    volumes.Add(One(newest.Key, newest.Value, volume, parts));
            }
        }

        return volumes;
    }

    private static LvmVolume One(string group, LvmSection metadata, KeyValuePair<string, LvmSection> volume, List<LvmPhysicalVolume> parts)
    {
        var pieces = new List<(ByteStore, long, long)>();
        foreach (var segment in volume.Value.Sections.Select(static s => s.Value).OrderBy(static s => s.Number("start_extent") ?? 0))
        {
            if (Segment(metadata, segment, parts, pieces) is { } reason)
                return new LvmVolume(group, volume.Key, null, reason);
        }

        return new LvmVolume(group, volume.Key, new JoinedStore(pieces, $"{group}/{volume.Key}"), null);
    }

    /// <returns>Why it cannot be read; null when it was added.</returns>
    private static string? Segment(LvmSection metadata, LvmSection segment, List<LvmPhysicalVolume> parts, List<(ByteStore, long, long)> pieces)
    {
        if (segment.Text("type") is not "striped" and var type)
            return $"it is of the type '{type}', which is not read here";
        var stripes = segment.List("stripes");
        var extent = (metadata.Number("extent_size") ?? 0) * Sector;
        var count = segment.Number("extent_count") ?? 0;
        var width = stripes.Count / 2;
        if (width == 0 || stripes.Count % 2 != 0 || extent is <= 0 or > 1L << 40 || count is <= 0 or > 1L << 32 || count % width != 0)
            return "its description contradicts itself";
        var starts = new List<(ByteStore Store, long Start)>();
        for (var i = 0; i < stripes.Count; i += 2)
        {
            if (stripes[i] is not string name || stripes[i + 1] is not long first || first is < 0 or > 1L << 32 || metadata.Section("physical_volumes")?.Section(name) is not { } place)
                return "its description names a part that is not there";
            if (parts.Find(p => p.Id == place.Text("id")?.Replace("-", "")) is not { } part)
                return $"its part '{name}' ({place.Text("device")}) is on a disk that was not given";
            starts.Add((part.Store, ((place.Number("pe_start") ?? 0) * Sector) + (first * extent)));
        }

        var step = width == 1 ? count * extent : (segment.Number("stripe_size") ?? 0) * Sector;
        var each = count / width * extent;
        if (step <= 0 || (each / step * width) + pieces.Count > MaxPieces)
            return "it consists of too many pieces";
        for (var at = 0L; at < each; at += step)
            pieces.AddRange(starts.Select(s => (s.Store, s.Start + at, Math.Min(step, each - at))));
        return null;
    }
}
