using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Disks.Vhd;

/// <summary>Writes a dynamic VHD: copy of the footer, dynamic header, block table, blocks that are not all zero, footer.</summary>
/// <remarks>
/// The table stands before the blocks. A file gets it last, as a patch; for a target that only goes forward the source is read twice, the first
/// time only to learn which blocks are all zero.
/// </remarks>
internal sealed class VhdDynamicWriter
{
    private const int BlockSize = 2 << 20;
    private const int TableOffset = VhdFooter.Size + VhdDynamicHeader.Size;

    private readonly DiskImage _source;
    private readonly long _size;
    private readonly Sink _target;
    private readonly EncodeOptions _options;
    private readonly uint[] _entries;
    private readonly byte[] _footer;
    private readonly byte[] _bitmap = new byte[VhdBlockTable.BitmapSizeOf(BlockSize)];

    public VhdDynamicWriter(DiskImage source, long size, Sink target, EncodeOptions options)
    {
        (_source, _size, _target, _options) = (source, size, target, options);
        _entries = new uint[(size + BlockSize - 1) / BlockSize];
        _footer = VhdEncoder.FooterBytes(VhdType.Dynamic, size);
        _bitmap.AsSpan().Fill(0xff);
        _entries.AsSpan().Fill(VhdBlockTable.Absent);
    }

    private int FrontSize => TableOffset + (((_entries.Length * 4) + 511) / 512 * 512);

    public EncodeResult Write()
    {
        if (!_target.CanPatch)
        {
            Plan();
            _target.Append(Front());
            return WriteBlocks((uint[])_entries.Clone());
        }

        _target.ExpectPatches();
        _target.AppendZeros(FrontSize);
        var result = WriteBlocks(planned: null);
        _target.Patch(0, Front());
        return result;
    }

    private byte[] Front()
    {
        var front = new byte[FrontSize];
        _footer.CopyTo(front, 0);
        new VhdDynamicHeader { TableOffset = TableOffset, MaxTableEntries = (uint)_entries.Length, BlockSizeBytes = BlockSize }
            .WriteTo(front.AsSpan(VhdFooter.Size, VhdDynamicHeader.Size));
        front.AsSpan(TableOffset).Fill(0xff);
        for (var i = 0; i < _entries.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(front.AsSpan(TableOffset + (i * 4)), _entries[i]);
        return front;
    }

    private void Plan()
    {
        long position = FrontSize;
        OrderedPipeline.Run(
            SourceScan.DataChunks(_source, BlockSize),
            offset =>
            {
                var buffer = new SharedBuffer(BlockSize);
                var block = buffer.Span(0, (int)Math.Min(BlockSize, _source.Length - offset));
                SourceScan.ReadChunk(_source, offset, block);
                var zero = Zeros.AreAll(block);
                buffer.Release();
                return zero;
            },
            (offset, zero) =>
            {
                if (!zero)
                    Place(offset, ref position);
            },
            _options.Workers,
            _options.Cancel);
    }

    private void Place(long offset, ref long position)
    {
        _entries[offset / BlockSize] = (uint)(position / 512);
        position += _bitmap.Length + BlockSize;
    }

    /// <param name="planned">The table that went out already; null when it goes out last.</param>
    private EncodeResult WriteBlocks(uint[]? planned)
    {
        var wantsDigest = _options.Checksums.HasFlag(ChecksumKinds.Content);
        using var digest = new ContentDigest();
        var meter = new ProgressMeter(_options.Progress, _source.Length);
        long data = 0;
        OrderedPipeline.Run(
            SourceScan.DataChunks(_source, BlockSize),
            offset => ReadBlock(offset, wantsDigest),
            (offset, block) =>
            {
                if (planned is not null)
                    RequireAsPlanned(planned[offset / BlockSize] != VhdBlockTable.Absent, block.Runs.Count > 0);
                if (block.Runs.Count > 0)
                    Append(offset, block);
                data += block.Runs.Sum(static r => (long)r.Length);
                if (block.Hashes is { } hashes)
                    digest.Add(offset, hashes);
                meter.Advance(offset + BlockSize, BlockSize);
                block.Buffer.Release();
            },
            _options.Workers,
            _options.Cancel);
        _target.Append(_footer);
        meter.Finish();
        return new EncodeResult
        {
            FileSizeBytes = _target.Position,
            VirtualSizeBytes = _size,
            DataSizeBytes = data,
            ContentDigest = wantsDigest ? digest.Finish(_source.Length) : null,
        };
    }

    private Block ReadBlock(long offset, bool wantsDigest)
    {
        var length = (int)Math.Min(BlockSize, _source.Length - offset);
        var buffer = new SharedBuffer(BlockSize);
        SourceScan.ReadChunk(_source, offset, buffer.Span(0, length));
        return new Block(buffer, RawEncoder.DataRuns(buffer.Span(0, length)), wantsDigest ? ContentDigest.HashBlocks(buffer.Span(0, length)) : null);
    }

    private void Append(long offset, Block block)
    {
        var position = _target.Position;
        Place(offset, ref position);
        _target.Append(_bitmap);
        var start = _target.Position;
        foreach (var (at, length) in block.Runs)
        {
            _target.AppendZeros(start + at - _target.Position);
            _target.Append(block.Buffer, at, length);
        }

        _target.AppendZeros(start + BlockSize - _target.Position);
    }

    private void RequireAsPlanned(bool planned, bool found)
    {
        if (planned != found)
            throw new OsMigrateException(ErrorIds.WriteVerification, ErrorKind.IntegrityFailure, $"'{_source.Name}' changed while it was being copied: the image that was announced can no longer be made from it.", _source.Name);
    }

    private readonly record struct Block(SharedBuffer Buffer, List<(int Start, int Length)> Runs, BlockHashes? Hashes);
}
