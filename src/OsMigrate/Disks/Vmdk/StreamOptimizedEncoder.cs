using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Writes a streamOptimized VMDK in one pass: header, descriptor, grains with a table after each 32 MiB, directory, footer.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents", "Markers".</remarks>
internal sealed class StreamOptimizedEncoder
{
    private const int TableEntries = VmdkSparseHeader.DefaultTableEntries;
    private const int GrainSectors = StreamGrainPacker.GrainSize / VmdkFormat.SectorSize;
    private const int DescriptorSectors = 20;
    private const int OverheadSectors = 128;
    private const long TableSpan = (long)TableEntries * StreamGrainPacker.GrainSize;
    private const long MaxFileSectors = uint.MaxValue;

    private readonly Sink _target;
    private readonly uint[] _table = new uint[TableEntries];
    private readonly uint[] _directory;
    private readonly VmdkSparseHeader _header;
    private long _currentTable = -1;

    private StreamOptimizedEncoder(DiskImage source, Sink target)
    {
        _target = target;
        var sectors = (source.Length + VmdkFormat.SectorSize - 1) / VmdkFormat.SectorSize;
        _directory = new uint[(source.Length + TableSpan - 1) / TableSpan];
        _header = new VmdkSparseHeader
        {
            Version = 3,
            Flags = VmdkSparseHeader.FlagNewLineTest | VmdkSparseHeader.FlagCompressed | VmdkSparseHeader.FlagMarkers,
            CapacitySectors = sectors,
            GrainSectors = GrainSectors,
            DescriptorOffset = 1,
            DescriptorSectors = DescriptorSectors,
            TableEntries = TableEntries,
            DirectoryOffset = VmdkSparseHeader.AtEnd,
            OverheadSectors = OverheadSectors,
            CompressAlgorithm = 1,
        };
    }

    public static EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options)
    {
        if (options.Compression is not (Compression.AsIs or Compression.Zlib) || options.Subformat is not (null or VmdkFormat.StreamOptimized))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "A VMDK is written as streamOptimized with zlib compression only.");
        if (source.Length == 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "An empty file cannot become a VMDK.", source.Name);
        return new StreamOptimizedEncoder(source, target).Run(source, options);
    }

    private EncodeResult Run(DiskImage source, EncodeOptions options)
    {
        WriteFront(Path.GetFileName(_target.Name));
        long data = 0, passedThrough = 0;
        var meter = new ProgressMeter(options.Progress, source.Length);
        using var digest = new ContentDigest();
        using var packer = new StreamGrainPacker(source, options);
        OrderedPipeline.Run(
            SourceScan.DataChunks(source, StreamGrainPacker.ChunkSize),
            packer.Pack,
            (offset, packed) =>
            {
                Add(packed);
                if (packed.Hashes is { } hashes)
                    digest.Add(offset, hashes);
                data += packed.DataBytes;
                passedThrough += packed.PassedThrough;
                meter.Advance(offset + StreamGrainPacker.ChunkSize, packed.DataBytes);
                packed.Buffer.Release();
            },
            options.Workers,
            options.Cancel);
        WriteTable();
        WriteEnd();
        meter.Finish();
        return new EncodeResult
        {
            FileSizeBytes = _target.Position,
            VirtualSizeBytes = _header.CapacityBytes,
            DataSizeBytes = data,
            PassedThroughBlocks = passedThrough,
            ContentDigest = packer.WantsDigest ? digest.Finish(source.Length) : null,
        };
    }

    private void WriteFront(string name)
    {
        var front = new byte[OverheadSectors * VmdkFormat.SectorSize];
        _header.WriteTo(front);
        var descriptor = Encoding.UTF8.GetBytes(Descriptor(name));
        descriptor.CopyTo(front, VmdkFormat.SectorSize);
        _target.Append(front);
    }

    private string Descriptor(string name)
    {
        // Geometry is a courtesy to old guests: 16 heads and 63 sectors up to 8 GB, 255 heads beyond, as VMware's tools write it.
        var heads = _header.CapacitySectors < 16 * 63 * 16_383 ? 16 : 255;
        var cylinders = Math.Min(65_535, Math.Max(1, _header.CapacitySectors / (heads * 63)));
        // Names in a descriptor stand in quotes and Glance refuses a slash in them.
        var plain = new string(name.Where(c => c < 128 && !char.IsControl(c) && c is not ('"' or '/' or '\\')).ToArray());
        return FormattableString.Invariant($"""
            # Disk DescriptorFile
            version=1
            CID={ContentId():x8}
            parentCID=ffffffff
            createType="{VmdkFormat.StreamOptimized}"

            # Extent description
            RW {_header.CapacitySectors} SPARSE "{(plain.Length is > 0 and < 200 ? plain : "disk.vmdk")}"

            # The Disk Data Base
            #DDB

            ddb.adapterType = "lsilogic"
            ddb.geometry.cylinders = "{cylinders}"
            ddb.geometry.heads = "{heads}"
            ddb.geometry.sectors = "63"
            ddb.virtualHWVersion = "13"

            """).Replace("\r\n", "\n");
    }

    /// <summary>Two values are reserved: no parent, and not yet known.</summary>
    private static uint ContentId() => unchecked((uint)Guid.NewGuid().GetHashCode()) is var id && id < 0xFFFFFFFE ? id : 1;

    private void Add(PackedGrains packed)
    {
        if (packed.Places.Count == 0)
            return;
        var table = packed.Places[0].Grain / TableEntries;
        if (table != _currentTable)
        {
            WriteTable();
            _currentTable = table;
        }

        var start = _target.Position;
        foreach (var (grain, offset) in packed.Places)
            _table[grain % TableEntries] = Sector(start + offset);
        _target.Append(packed.Buffer, 0, packed.Length);
    }

    private void WriteTable()
    {
        if (_currentTable < 0)
            return;
        _directory[_currentTable] = WriteMetadata(StreamMarker.Table, _table);
        Array.Clear(_table, 0, TableEntries);
        _currentTable = -1;
    }

    private void WriteEnd()
    {
        var directory = WriteMetadata(StreamMarker.Directory, _directory);
        WriteMarker(StreamMarker.Footer, 1);
        var footer = new byte[VmdkSparseHeader.Size];
        (_header with { DirectoryOffset = directory }).WriteTo(footer);
        _target.Append(footer);
        WriteMarker(StreamMarker.EndOfStream, 0);
    }

    /// <returns>The sector at which the numbers begin, behind their marker.</returns>
    private uint WriteMetadata(StreamMarker type, uint[] numbers)
    {
        var sectors = ((numbers.Length * sizeof(uint)) + VmdkFormat.SectorSize - 1) / VmdkFormat.SectorSize;
        WriteMarker(type, sectors);
        var place = Sector(_target.Position);
        var bytes = new byte[sectors * VmdkFormat.SectorSize];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), numbers[i]);
        _target.Append(bytes);
        return place;
    }

    private void WriteMarker(StreamMarker type, long sectors)
    {
        var bytes = new byte[VmdkFormat.SectorSize];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)type);
        _target.Append(bytes);
    }

    private uint Sector(long position)
        => position / VmdkFormat.SectorSize is <= MaxFileSectors and var sector
            ? (uint)sector
            : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.NotSupported, "A VMDK file cannot be larger than 2 TiB, and this one would be.", _target.Name) { Advice = "Use qcow2, which has no such limit." };
}
