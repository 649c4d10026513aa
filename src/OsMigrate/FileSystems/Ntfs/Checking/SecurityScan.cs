using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>$Secure: descriptors in $SDS, found by id through $SII and by hash through $SDH; and every id that a file uses is there.</summary>
/// <remarks>Source: flatcap NTFS documentation, "$Secure".</remarks>
internal static class SecurityScan
{
    private const int EntryHeader = 20;
    private const int BlockBytes = 0x40000;
    private const int MaxDescriptor = 0x10000 + EntryHeader;

    public static void Run(CheckState state)
    {
        if (state.Volume.Version.Major < 3)
            return;
        var file = FileRecord.Load(state.Volume.Layout, state.Volume.Mft, new FileReference(Mft.SecureNumber, 0));
        var data = file.Find(AttributeType.Data, "$SDS") ?? throw state.Volume.Layout.Bad(-1, "$Secure has no $SDS");
        using var descriptors = data.Open(state.Volume.Layout, "$SDS");
        var byId = Read(state, file, "$SII", 4, static k => Le.U32(k, 0));
        var byHash = Read(state, file, "$SDH", 8, static k => Le.U32(k, 4) | ((ulong)Le.U32(k, 0) << 32));
        foreach (var entry in byId)
            CheckDescriptor(state, descriptors, entry.Key, entry.Value);
        foreach (var entry in byHash)
        {
            if (!byId.TryGetValue(entry.Key & 0xFFFF_FFFF, out var same) || !same.SequenceEqual(entry.Value))
                state.Error("Security", Mft.SecureNumber, $"$SDH and $SII disagree about security id {entry.Key & 0xFFFF_FFFF:x}");
        }

        if (byId.Count != byHash.Count)
            state.Error("Security", Mft.SecureNumber, $"$SII has {byId.Count} entries and $SDH {byHash.Count}");
        foreach (var used in state.SecurityIds.Where(u => !byId.ContainsKey(u.Key)))
            state.Error("Security", used.Value, $"the file has security id {used.Key:x}, which is not in $Secure");
    }

    /// <summary>All entries of one of the indexes, with their data; the order is checked on the way.</summary>
    private static Dictionary<ulong, byte[]> Read(CheckState state, FileRecord file, string name, int keySize, Func<byte[], ulong> order)
    {
        var index = new IndexReader(file, name);
        BlockScan.Run(state, Mft.SecureNumber, file, index);
        var all = new Dictionary<ulong, byte[]>();
        ulong before = 0;
        foreach (var entry in index.All())
        {
            if (entry.Key.Length != keySize || entry.Data.Length < EntryHeader)
                throw state.Volume.Layout.Bad(-1, $"{name} has an entry with a key of {entry.Key.Length} and data of {entry.Data.Length} bytes");
            var key = order(entry.Key);
            if (all.Count > 0 && key <= before)
                state.Error("Security", Mft.SecureNumber, $"{name} is out of order at {key:x}");
            before = key;
            all[key] = entry.Data.AsSpan(0, EntryHeader).ToArray();
        }

        return all;
    }

    private static void CheckDescriptor(CheckState state, ByteStore descriptors, ulong id, byte[] header)
    {
        var (offset, length) = (Le.I64(header, 8), Le.U32(header, 16));
        if (Le.U32(header, 4) != id || length is < EntryHeader or > MaxDescriptor || offset < 0 || offset > descriptors.Length - length)
        {
            state.Error("Security", Mft.SecureNumber, $"$SII names {length} bytes at {offset} of $SDS for security id {id:x}");
            return;
        }

        var entry = descriptors.ReadBytes(offset, (int)length);
        if (!entry.AsSpan(0, EntryHeader).SequenceEqual(header))
            state.Error("Security", Mft.SecureNumber, $"$SDS has another entry at {offset} than $SII says for security id {id:x}");
        else if (Hash(entry.AsSpan(EntryHeader)) != Le.U32(entry, 0))
            state.Error("Security", Mft.SecureNumber, $"the descriptor of security id {id:x} does not have its hash");
        else if (offset + BlockBytes <= descriptors.Length - length && !descriptors.ReadBytes(offset + BlockBytes, (int)length).AsSpan().SequenceEqual(entry))
            state.Error("Security", Mft.SecureNumber, $"the two copies of the descriptor of security id {id:x} differ");
    }

    private static uint Hash(ReadOnlySpan<byte> descriptor)
    {
        uint hash = 0;
        for (var i = 0; i + 4 <= descriptor.Length; i += 4)
            hash = unchecked(Le.U32(descriptor, i) + ((hash << 3) | (hash >> 29)));
        return hash;
    }
}
