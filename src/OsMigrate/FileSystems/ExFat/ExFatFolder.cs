using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.ExFat;

/// <summary>Where content lies. exFAT specification, section 7.6 (stream extension).</summary>
internal readonly record struct ExFatStream(uint FirstCluster, long ValidBytes, long SizeBytes, bool IsContiguous);

/// <summary>A file or folder as its set of entries says.</summary>
/// <param name="Times">The primary entry, for its times; empty for the root.</param>
/// <param name="Place">Tells the set apart from others; -1 for the root.</param>
internal sealed record ExFatNamed(string Name, bool IsFolder, ExFatStream Stream, byte[] Times, long Place);

/// <summary>Reads a folder's sets of entries. exFAT specification, sections 6 and 7.4 to 7.7.</summary>
internal static class ExFatFolder
{
    private const int Size = 32;
    private const byte FileEntry = 0x85;
    private const byte StreamEntry = 0xC0;
    private const byte NameEntry = 0xC1;
    private const byte LabelEntry = 0x83;
    private const int MaxFolderBytes = 256 << 20;

    public static IEnumerable<ExFatNamed> Named(ExFatVolume volume, ExFatNamed folder)
    {
        using var content = Open(volume, folder);
        for (long at = 0; at + Size <= content.Length;)
        {
            var entry = content.ReadBytes(at, Size);
            if (entry[0] == 0)
                yield break;
            if (entry[0] != FileEntry)
            {
                at += Size;
                continue;
            }

            var bytes = (entry[1] + 1) * Size;
            if (entry[1] is < 2 or > 18 || at + bytes > content.Length)
                throw Damaged(volume, folder, at, "has an impossible number of parts");
            if (Assemble(volume, content.ReadBytes(at, bytes), ((long)folder.Stream.FirstCluster << 28) | at) is not { } named)
                throw Damaged(volume, folder, at, "is damaged: its parts or its checksum do not fit");
            yield return named;
            at += bytes;
        }
    }

    /// <summary>The volume label of the root folder (section 7.3); null where there is none.</summary>
    public static string? Label(ExFatVolume volume)
    {
        using var content = volume.Content(new ExFatStream(volume.Geometry.RootCluster, 0, 0, IsContiguous: false), "", toEndOfChain: true);
        for (long at = 0; at + Size <= content.Length; at += Size)
        {
            var entry = content.ReadBytes(at, Size);
            if (entry[0] == 0)
                return null;
            if (entry[0] == LabelEntry && entry[1] is >= 1 and <= 11)
                return Encoding.Unicode.GetString(entry, 2, entry[1] * 2);
        }

        return null;
    }

    private static PiecesStore Open(ExFatVolume volume, ExFatNamed folder)
    {
        var content = volume.Content(folder.Stream, folder.Name, toEndOfChain: folder.Place < 0);
        return content.Length <= MaxFolderBytes
            ? content
            : throw new InvalidImageException(ErrorIds.TooLarge, volume.Store.Name, -1, $"the folder '{folder.Name}' has {content.Length} bytes; {MaxFolderBytes} are the most");
    }

    private static ExFatNamed? Assemble(ExFatVolume volume, byte[] set, long place)
    {
        var stream = set.AsSpan(Size, Size);
        int nameLength = stream[3];
        if (stream[0] != StreamEntry || Checksum(set) != BinaryPrimitives.ReadUInt16LittleEndian(set.AsSpan(2)) || nameLength == 0)
            return null;
        var name = new StringBuilder(nameLength);
        for (var at = 2 * Size; at < set.Length && name.Length < nameLength; at += Size)
        {
            if (set[at] != NameEntry)
                return null;
            name.Append(Encoding.Unicode.GetString(set, at + 2, Math.Min(15, nameLength - name.Length) * 2));
        }

        var valid = BinaryPrimitives.ReadInt64LittleEndian(stream.Slice(8));
        var length = BinaryPrimitives.ReadInt64LittleEndian(stream.Slice(24));
        if (name.Length != nameLength || length < 0 || valid < 0 || valid > length)
            return null;
        var isFolder = (set[4] & 0x10) != 0;
        var where = new ExFatStream(BinaryPrimitives.ReadUInt32LittleEndian(stream.Slice(20)), isFolder ? length : valid, length, (stream[1] & 2) != 0);
        return new ExFatNamed(Safe(name.ToString()), isFolder, where, set.AsSpan(0, Size).ToArray(), place);
    }

    /// <summary>Section 6.3.3: over all bytes of the set except the checksum itself.</summary>
    private static ushort Checksum(byte[] set)
    {
        ushort sum = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (i is not (2 or 3))
                sum = (ushort)((sum << 15) + (sum >> 1) + set[i]);
        }

        return sum;
    }

    private static InvalidImageException Damaged(ExFatVolume volume, ExFatNamed folder, long at, string how)
        => new(ErrorIds.BadStructure, volume.Store.Name, -1, $"the entry at byte {at} of the folder '{folder.Name}' {how}");

    private static string Safe(string name) => name is "." or ".." ? "_" : name.Replace('/', '_').Replace('\\', '_').Replace('\0', '_');
}
