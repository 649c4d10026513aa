using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Takes a streamOptimized VMDK apart while it arrives: header and descriptor, then grains in ascending order, each table behind its grains, directory, footer.</summary>
/// <remarks>
/// Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents", "Markers". The tables decide where a grain
/// belongs, and they come last: they are compared with where the grains were. A stream in any other order is refused; such a file can be stored
/// and read by <see cref="VmdkOpener"/>.
/// </remarks>
/// <param name="name">For errors.</param>
/// <param name="capacityBytes">What the disk is known to hold; a stream that says otherwise is refused.</param>
/// <param name="opened">Gets the header, once, before the first grain.</param>
/// <param name="grain">Gets each grain.</param>
internal sealed class StreamOptimizedReader(string name, long capacityBytes, Action<VmdkSparseHeader> opened, StreamOptimizedReader.GrainTaker grain)
{
    // The size and the type of a marker stand in its first 16 bytes.
    private const int MarkerHead = 16;
    private const int MaxFrontSectors = 16384;

    private byte[] _pending = new byte[VmdkFormat.SectorSize];
    private int _pendingCount;
    private int _size;
    private VmdkSparseHeader _header;
    private GrainTableChecks? _tables;
    private long _lastGrain = -1;
    private ulong _directory;
    private Stage _stage = Stage.Front;

    /// <param name="number">Of the grain on the disk.</param>
    /// <param name="place">Byte offset of its marker in the stream.</param>
    /// <param name="record">Marker and compressed data, without padding.</param>
    public delegate void GrainTaker(long number, long place, ReadOnlySpan<byte> record);

    private enum Stage
    {
        Front,
        Grains,
        Footer,
        End,
        Ended,
    }

    /// <summary>Bytes of the stream that were understood.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the next bytes, however they are cut.</summary>
    /// <exception cref="InvalidImageException">The stream is damaged, or of another shape.</exception>
    public void Take(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if (_stage == Stage.Ended)
                throw Fault(0, ErrorIds.BadStructure, "there are bytes behind the end of the stream");
            if (_pendingCount == 0 && data.Length >= HeadSize)
            {
                var size = SizeOf(data);
                if (data.Length >= size)
                {
                    Handle(data.Slice(0, size));
                    data = data.Slice(size);
                    continue;
                }
            }

            var n = Math.Min((_pendingCount < HeadSize ? HeadSize : _size) - _pendingCount, data.Length);
            Keep(data.Slice(0, n));
            data = data.Slice(n);
        }
    }

    /// <summary>No more bytes come.</summary>
    /// <exception cref="InvalidImageException">But they should.</exception>
    public void Finish()
    {
        if (_stage != Stage.Ended)
            throw Fault(_pendingCount, ErrorIds.Truncated, "the stream ends before its end is marked");
    }

    private int HeadSize => _stage == Stage.Front ? VmdkSparseHeader.Size : MarkerHead;

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_pending.Length < _pendingCount + data.Length)
            Array.Resize(ref _pending, Math.Max(_size, _pendingCount + data.Length));
        data.CopyTo(_pending.AsSpan(_pendingCount));
        _pendingCount += data.Length;
        if (_pendingCount == HeadSize)
            _size = SizeOf(_pending);
        if (_pendingCount < HeadSize || _pendingCount < _size)
            return;
        _pendingCount = 0;
        Handle(_pending.AsSpan(0, _size));
    }

    /// <summary>How long the piece is whose head this is; every size is bounded here.</summary>
    private int SizeOf(ReadOnlySpan<byte> head)
    {
        if (_stage == Stage.Front)
            return FrontSize(VmdkSparseHeader.Parse(head.Slice(0, VmdkSparseHeader.Size), name, 0));
        var value = BinaryPrimitives.ReadUInt64LittleEndian(head);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(8));
        if (size > 0)
            return GrainSize(value, size);
        var type = (StreamMarker)BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(12));
        var expected = type switch
        {
            StreamMarker.EndOfStream => 0,
            StreamMarker.Table => Sectors((long)_header.TableEntries * sizeof(uint)),
            StreamMarker.Directory => Sectors(_header.TableCount * sizeof(uint)),
            StreamMarker.Footer => 1,
            _ => throw Fault(12, ErrorIds.BadStructure, $"a marker of the unknown type {(uint)type}"),
        };
        if (value != (ulong)expected)
            throw Fault(0, ErrorIds.BadStructure, $"a marker of the type {type} is followed by {value} sectors instead of {expected}");
        return (int)(1 + expected) * VmdkFormat.SectorSize;
    }

    private int GrainSize(ulong sector, uint size)
    {
        if (_stage != Stage.Grains)
            throw Fault(0, ErrorIds.BadStructure, "a grain behind the directory");
        var number = (long)Math.Min(sector, VmdkFormat.MaxSectors) / _header.GrainSectors;
        if (sector != (ulong)(number * _header.GrainSectors) || sector >= (ulong)_header.CapacitySectors)
            throw Fault(0, ErrorIds.BadStructure, $"a grain for sector {sector}, which is none of the disk's {_header.CapacitySectors} sectors where a grain begins");
        if (size > StoredGrain.MaxPacked(_header.GrainBytes))
            throw Fault(8, ErrorIds.BadStructure, $"a grain of {_header.GrainBytes} bytes cannot take {size} bytes compressed");
        return (int)Sectors(StoredGrain.MarkerSize + size) * VmdkFormat.SectorSize;
    }

    private int FrontSize(VmdkSparseHeader header)
    {
        if (!header.IsCompressed || !header.HasMarkers || header.DirectoryOffset != VmdkSparseHeader.AtEnd)
            throw Fault(8, ErrorIds.UnsupportedFeature, "its grains are not compressed behind markers with the directory at the end");
        if (header.CapacityBytes != capacityBytes)
            throw Fault(12, ErrorIds.BadStructure, $"it is a disk of {header.CapacityBytes} bytes instead of {capacityBytes}");
        if (header.DescriptorOffset == 0 || header.OverheadSectors > MaxFrontSectors || header.OverheadSectors < header.DescriptorOffset + header.DescriptorSectors)
            throw Fault(64, ErrorIds.BadStructure, $"its grains begin at sector {header.OverheadSectors}, its descriptor of {header.DescriptorSectors} sectors lies at {header.DescriptorOffset}");
        return (int)header.OverheadSectors * VmdkFormat.SectorSize;
    }

    private void Handle(ReadOnlySpan<byte> piece)
    {
        switch (_stage)
        {
            case Stage.Front:
                TakeFront(piece);
                break;
            case Stage.Grains when BinaryPrimitives.ReadUInt32LittleEndian(piece.Slice(8)) is > 0 and var size:
                TakeGrain(piece.Slice(0, StoredGrain.MarkerSize + (int)size));
                break;
            default:
                TakeMetadata((StreamMarker)BinaryPrimitives.ReadUInt32LittleEndian(piece.Slice(12)), piece.Slice(VmdkFormat.SectorSize));
                break;
        }

        Position += piece.Length;
    }

    private void TakeFront(ReadOnlySpan<byte> front)
    {
        _header = VmdkSparseHeader.Parse(front.Slice(0, VmdkSparseHeader.Size), name, 0);
        var at = (int)_header.DescriptorOffset * VmdkFormat.SectorSize;
        var descriptor = VmdkDescriptor.Parse(front.Slice(at, (int)_header.DescriptorSectors * VmdkFormat.SectorSize), name, at);
        if (descriptor.HasParent || descriptor.Extents.Count > 1 || !string.Equals(descriptor.CreateType, VmdkFormat.StreamOptimized, StringComparison.OrdinalIgnoreCase))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, name, at, "it is not one streamOptimized disk without a parent");
        _tables = new GrainTableChecks(_header, name);
        _stage = Stage.Grains;
        opened(_header);
    }

    private void TakeGrain(ReadOnlySpan<byte> record)
    {
        var number = (long)BinaryPrimitives.ReadUInt64LittleEndian(record) / _header.GrainSectors;
        if (number <= _lastGrain)
            throw Fault(0, ErrorIds.UnsupportedFeature, $"grain {number} comes behind grain {_lastGrain}");
        _lastGrain = number;
        _tables!.Add(number, Position);
        grain(number, Position, record);
    }

    private void TakeMetadata(StreamMarker type, ReadOnlySpan<byte> numbers)
    {
        var place = Position + VmdkFormat.SectorSize;
        switch (type)
        {
            case StreamMarker.Table when _stage == Stage.Grains:
                _tables!.CompareTable(numbers, place);
                break;
            case StreamMarker.Directory when _stage == Stage.Grains:
                _tables!.CompareDirectory(numbers, place);
                _directory = (ulong)place / VmdkFormat.SectorSize;
                _stage = Stage.Footer;
                break;
            case StreamMarker.Footer when _stage == Stage.Footer:
                TakeFooter(numbers, place);
                _stage = Stage.End;
                break;
            case StreamMarker.EndOfStream when _stage == Stage.End:
                _stage = Stage.Ended;
                break;
            default:
                throw Fault(12, ErrorIds.BadStructure, $"a marker of the type {type} is out of order");
        }
    }

    private void TakeFooter(ReadOnlySpan<byte> bytes, long place)
    {
        var footer = VmdkSparseHeader.Parse(bytes, name, place);
        if (footer.CapacitySectors != _header.CapacitySectors || footer.GrainSectors != _header.GrainSectors || footer.Flags != _header.Flags || footer.TableEntries != _header.TableEntries)
            throw new InvalidImageException(ErrorIds.BadStructure, name, place, "header and footer do not agree about capacity, grain size, tables or flags");
        if (footer.DirectoryOffset != _directory)
            throw new InvalidImageException(ErrorIds.BadStructure, name, place + 56, $"the footer says that the directory is at sector {footer.DirectoryOffset}, it was at {_directory}");
    }

    private static long Sectors(long bytes) => (bytes + VmdkFormat.SectorSize - 1) / VmdkFormat.SectorSize;

    private InvalidImageException Fault(int within, string id, string reason) => new(id, name, Position + within, reason);
}
