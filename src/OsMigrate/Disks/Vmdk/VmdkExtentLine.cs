using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>How an extent stores its part of the disk.</summary>
internal enum VmdkExtentKind
{
    /// <summary>Plain bytes in another file.</summary>
    Flat,

    /// <summary>Nothing: reads as zeros.</summary>
    Zero,

    /// <summary>Hosted sparse.</summary>
    Sparse,

    /// <summary>ESXi's old delta, COWD.</summary>
    VmfsSparse,

    /// <summary>ESXi's delta of VMFS 6.</summary>
    SeSparse,
}

/// <summary>One extent as the descriptor lists it: RW 4192256 SPARSE "disk-s001.vmdk".</summary>
/// <param name="Sectors">Length of the extent, in 512-byte sectors.</param>
/// <param name="FileName">Null for a zero extent.</param>
/// <param name="OffsetSectors">Where a flat extent begins in its file.</param>
internal sealed record VmdkExtentLine(VmdkExtentKind Kind, long Sectors, string? FileName, long OffsetSectors)
{
    public static bool Looks(string line)
        => line.StartsWith("RW ", StringComparison.OrdinalIgnoreCase)
           || line.StartsWith("RDONLY ", StringComparison.OrdinalIgnoreCase)
           || line.StartsWith("NOACCESS ", StringComparison.OrdinalIgnoreCase);

    public static VmdkExtentLine Parse(string line, int number, string name, long at)
    {
        InvalidImageException Fault(string id, string reason) => new(id, name, at, $"line {number} of the descriptor: {reason}");

        var quote = line.IndexOf('"');
        var words = (quote < 0 ? line : line.Substring(0, quote)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3)
            throw Fault(ErrorIds.BadStructure, "an extent needs access, size and type");
        if (words[0].Equals("NOACCESS", StringComparison.OrdinalIgnoreCase))
            throw Fault(ErrorIds.UnsupportedFeature, "the extent may not be read (NOACCESS)");
        if (!ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sectors) || sectors is 0 or > VmdkFormat.MaxSectors)
            throw Fault(ErrorIds.BadStructure, "the extent's size is no sensible number of sectors");
        var kind = words[2].ToUpperInvariant() switch
        {
            "FLAT" or "VMFS" => VmdkExtentKind.Flat,
            "ZERO" => VmdkExtentKind.Zero,
            "SPARSE" => VmdkExtentKind.Sparse,
            "VMFSSPARSE" => VmdkExtentKind.VmfsSparse,
            "SESPARSE" => VmdkExtentKind.SeSparse,
            "VMFSRDM" or "VMFSRAW" => throw Fault(ErrorIds.UnsupportedFeature, "the content lies on a device of the host (raw device mapping), not in a file"),
            _ => throw Fault(ErrorIds.UnsupportedFeature, "the extent's type is unknown"),
        };
        if (kind == VmdkExtentKind.Zero)
            return new VmdkExtentLine(kind, (long)sectors, null, 0);
        var close = quote < 0 ? -1 : line.IndexOf('"', quote + 1);
        if (close < 0)
            throw Fault(ErrorIds.BadStructure, "the extent has no file name in quotes");
        var rest = line.Substring(close + 1).Trim().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        ulong offset = 0;
        if (rest.Length > 0 && (!ulong.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out offset) || offset > VmdkFormat.MaxSectors))
            throw Fault(ErrorIds.BadStructure, "the extent's offset is no sensible number of sectors");
        return new VmdkExtentLine(kind, (long)sectors, line.Substring(quote + 1, close - quote - 1), (long)offset);
    }
}
