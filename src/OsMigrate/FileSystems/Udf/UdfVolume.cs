using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Udf;

/// <summary>A UDF volume (1.02 to 2.60), as on a DVD, in an .iso file or beside ISO 9660 in a bridge. Read only; does not own the store.</summary>
public sealed class UdfVolume : FileVolume
{
    private const int RecognitionStart = 32768;
    private const int RecognitionSize = 2048;

    private readonly UdfPartitions _partitions;

    private UdfVolume(ByteStore store, UdfDescriptors found)
    {
        Store = store;
        Claims = new FolderClaims(store.Name);
        _partitions = new UdfPartitions(store, found.LogicalVolume, found.LogicalVolumeOffset, found.Partitions);
        var label = UdfText.ReadField(found.LogicalVolume.AsSpan(84, 128));
        Label = label.Length == 0 ? null : label;
        var fileSet = _partitions.ReadBlock(UdfAddress.Parse(found.LogicalVolume.AsSpan(252)));
        UdfTag.Require(fileSet, store.Name, -1, UdfTag.FileSet);
        var root = UdfAddress.Parse(fileSet.AsSpan(404));
        var node = Node(root);
        if (!node.IsFolder)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "the root of the UDF volume is no folder");
        Root = new UdfEntry(this, "", node, root, -1);
    }

    public override string Kind => "UDF";

    public override string? Label { get; }

    public override FileEntry Root { get; }

    internal ByteStore Store { get; }

    internal FolderClaims Claims { get; }

    /// <summary>True when the volume recognition sequence names UDF (NSR02 or NSR03). ECMA-167, 2/8.3 and 3/9.1.</summary>
    public static bool Matches(ByteStore store)
    {
        for (var i = 0; i < 64; i++)
        {
            var at = RecognitionStart + ((long)i * RecognitionSize);
            if (at > store.Length - 7)
                return false;
            var id = store.ReadBytes(at + 1, 5).AsSpan();
            if (id.SequenceEqual("NSR02"u8) || id.SequenceEqual("NSR03"u8))
                return true;
            if (!id.SequenceEqual("BEA01"u8) && !id.SequenceEqual("CD001"u8) && !id.SequenceEqual("CDW02"u8) && !id.SequenceEqual("BOOT2"u8) && !id.SequenceEqual("TEA01"u8))
                return false;
        }

        return false;
    }

    /// <exception cref="InvalidImageException">It is no UDF volume, it is damaged, or made in a way that is not read here.</exception>
    public static UdfVolume Open(ByteStore store) => new(store, UdfDescriptors.Find(store));

    internal UdfNode Node(UdfAddress address) => UdfNode.Parse(_partitions.ReadBlock(address), address, Store.Name);

    internal ByteStore Content(UdfNode node, string name) => node.Content(n => _partitions[n], _partitions.BlockSize, name);
}

/// <summary>What the volume descriptors say: found through the anchor, the last version of each counts. ECMA-167, 3/8.4.</summary>
internal sealed class UdfDescriptors
{
    private const int AnchorBlock = 256;
    private const int MaxSequences = 16;
    private const int MaxBlocks = 4096;

    private readonly Dictionary<int, (long Start, long Blocks)> _partitions = [];
    private uint _volumeSequence;

    /// <summary>The logical volume descriptor's block.</summary>
    public byte[] LogicalVolume { get; private set; } = [];

    public long LogicalVolumeOffset { get; private set; }

    /// <summary>By partition number.</summary>
    public IReadOnlyDictionary<int, (long Start, long Blocks)> Partitions => _partitions;

    public static UdfDescriptors Find(ByteStore store)
    {
        foreach (var blockSize in new[] { 2048, 512, 4096, 1024 })
        {
            foreach (var block in new[] { AnchorBlock, (store.Length / blockSize) - 1, (store.Length / blockSize) - 1 - AnchorBlock })
            {
                if (Anchor(store, block, blockSize) is not { } anchor)
                    continue;
                foreach (var at in new[] { 16, 24 })
                {
                    var found = new UdfDescriptors();
                    found.ReadSequence(store, blockSize, BinaryPrimitives.ReadUInt32LittleEndian(anchor.AsSpan(at + 4)), BinaryPrimitives.ReadUInt32LittleEndian(anchor.AsSpan(at)), 0);
                    if (found.LogicalVolume.Length > 0 && found._partitions.Count > 0)
                        return found;
                }
            }
        }

        throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, -1, "no descriptors of a UDF volume are where they should be");
    }

    private static byte[]? Anchor(ByteStore store, long block, int blockSize)
    {
        if (block < 0 || block * blockSize > store.Length - 512)
            return null;
        var bytes = store.ReadBytes(block * blockSize, 512);
        return UdfTag.TryParse(bytes, out var tag) && tag.Id == UdfTag.Anchor && tag.Location == block ? bytes : null;
    }

    private void ReadSequence(ByteStore store, int blockSize, uint start, uint bytes, int depth)
    {
        for (var i = 0; i < Math.Min(bytes / blockSize, MaxBlocks); i++)
        {
            var at = ((long)start + i) * blockSize;
            if (at > store.Length - blockSize)
                return;
            var block = store.ReadBytes(at, blockSize);
            if (!UdfTag.TryParse(block, out var tag) || tag.Id == UdfTag.Terminating)
                return;
            if (tag.Id == UdfTag.NextVolumeDescriptors && depth < MaxSequences)
                ReadSequence(store, blockSize, BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(24)), BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(20)), depth + 1);
            else
                Take(tag.Id, block, at);
        }
    }

    private void Take(int id, byte[] block, long at)
    {
        var sequence = BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(16));
        if (id == UdfTag.PartitionDescriptor)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(188));
            _partitions[BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(22))] = (start, BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(192)));
        }
        else if (id == UdfTag.LogicalVolume && block.Length >= 440 && (LogicalVolume.Length == 0 || sequence >= _volumeSequence))
        {
            (LogicalVolume, LogicalVolumeOffset, _volumeSequence) = (block, at, sequence);
        }
    }
}
