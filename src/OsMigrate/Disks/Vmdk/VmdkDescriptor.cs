using System.Globalization;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>The text part of a VMDK: what kind it is, which extents make it up, whose child it is.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "The Descriptor File".</remarks>
internal sealed record VmdkDescriptor
{
    /// <summary>Bytes of a descriptor file; 31,000 extents of a 62 TB disk need less than 2 MiB.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>parentCID of a disk without a parent.</summary>
    public const uint NoParent = 0xFFFFFFFF;

    private const int MaxLine = 4096;
    private const int MaxExtents = 65536;

    public required string CreateType { get; init; }

    /// <summary>Content id: changes whenever the disk is written after it was opened.</summary>
    public required uint Cid { get; init; }

    public required uint ParentCid { get; init; }

    /// <summary>The parent as the writer knew it, often with a path; null when there is none.</summary>
    public string? ParentHint { get; init; }

    public required IReadOnlyList<VmdkExtentLine> Extents { get; init; }

    public bool HasParent => ParentCid != NoParent;

    /// <summary>Does a file begin like a descriptor? Comments, blank lines and a byte order mark may stand in front.</summary>
    public static bool Looks(ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head.Slice(0, Math.Min(head.Length, 512)).ToArray()).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith("# Disk DescriptorFile", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads the text up to the first zero byte.</summary>
    /// <param name="at">Offset of the text in its file, for errors.</param>
    public static VmdkDescriptor Parse(ReadOnlySpan<byte> bytes, string name, long at)
    {
        var end = bytes.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString((end < 0 ? bytes : bytes.Slice(0, end)).ToArray()).TrimStart('\uFEFF');
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var extents = new List<VmdkExtentLine>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Length > MaxLine)
                throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"line {number} of the descriptor is longer than {MaxLine} characters");
            if (VmdkExtentLine.Looks(line))
            {
                if (extents.Count == MaxExtents)
                    throw new InvalidImageException(ErrorIds.TooLarge, name, at, $"the descriptor lists more than {MaxExtents} extents");
                extents.Add(VmdkExtentLine.Parse(line, number, name, at));
            }
            else if (line.IndexOf('=') is > 0 and var equals)
            {
                values[line.Substring(0, equals).Trim()] = line.Substring(equals + 1).Trim().Trim('"');
            }
            else
            {
                throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"line {number} of the descriptor is neither a setting nor an extent");
            }
        }

        return From(values, extents, name, at);
    }

    private static VmdkDescriptor From(Dictionary<string, string> values, List<VmdkExtentLine> extents, string name, long at)
    {
        if (values.TryGetValue("version", out var version) && version is not ("1" or "2" or "3" or "4"))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, name, at, "the descriptor has an unknown version");
        if (!values.TryGetValue("createType", out var type) || type.Length is 0 or > 64)
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, "the descriptor does not say what kind of disk it is (createType)");
        return new VmdkDescriptor
        {
            CreateType = type,
            Cid = ContentId(values, "CID", NoParent - 1, name, at),
            ParentCid = ContentId(values, "parentCID", NoParent, name, at),
            ParentHint = values.TryGetValue("parentFileNameHint", out var hint) && hint.Length > 0 ? hint : null,
            Extents = extents,
        };
    }

    private static uint ContentId(Dictionary<string, string> values, string key, uint missing, string name, long at)
    {
        if (!values.TryGetValue(key, out var text))
            return missing;
        return uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"the descriptor's {key} is no number of eight hex digits");
    }
}
