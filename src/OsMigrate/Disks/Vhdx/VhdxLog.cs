using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>Finds the entries of the log that must be replayed before a VHDX that was not closed properly can be read.</summary>
/// <remarks>[MS-VHDX] 2.3.2 "Log Sequence" and 2.3.3 "Log Replay". The log is a ring of 4 KiB sectors.</remarks>
internal sealed class VhdxLog
{
    // Hyper-V's logs have 1 MiB.
    private const int MaxLength = 64 << 20;
    private const int MaxDescriptors = 16384;

    private readonly string _name;
    private readonly long _offset;
    private readonly byte[] _ring;
    private readonly VhdxLogEntry?[] _entries;
    private long _hashBudget;

    private VhdxLog(ByteStore store, VhdxHeader header)
    {
        (_name, _offset) = (store.Name, (long)header.LogOffset);
        if (header.LogVersion != 0)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, _name, _offset, $"the log has version {header.LogVersion}; only 0 is known");
        if (header.LogLength is 0 or > MaxLength || header.LogLength % (1 << 20) != 0)
            throw new InvalidImageException(ErrorIds.Dirty, _name, _offset, $"the log must be replayed, but has {header.LogLength} bytes; a multiple of 1 MiB up to 64 MiB can be");
        _ring = store.ReadBytes(_offset, (int)header.LogLength);
        _entries = new VhdxLogEntry?[_ring.Length / VhdxLogEntry.SectorSize];
        // Entries do not overlap, so a sound log is hashed about once; a crafted one may not cost more than a few times that.
        _hashBudget = 4L * _ring.Length;
        for (var i = 0; i < _entries.Length; i++)
            _entries[i] = ReadEntry(i * VhdxLogEntry.SectorSize, header.LogGuid);
    }

    /// <summary>The file as it is once its log has been replayed; the file itself when there is nothing to replay.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.Dirty"/>: there is a log, but not one that can be replayed.</exception>
    public static ByteStore Replay(ByteStore store, VhdxHeader header)
    {
        if (header.LogGuid == Guid.Empty)
            return store;
        var log = new VhdxLog(store, header);
        var sequence = log.ActiveSequence();
        var replayed = new VhdxReplayedStore(store);
        var descriptors = 0L;
        foreach (var index in sequence)
        {
            var entry = log._entries[index]!.Value;
            descriptors += entry.DescriptorCount;
            if (descriptors > MaxDescriptors)
                throw new InvalidImageException(ErrorIds.Dirty, store.Name, log._offset, $"the log has more than {MaxDescriptors} changes, which is more than is replayed here");
            log.Apply(index, entry, replayed);
        }

        var head = log._entries[sequence[sequence.Count - 1]]!.Value;
        if (head.FlushedFileOffset > (ulong)store.Length)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, store.Length, $"the log says the file had {head.FlushedFileOffset} bytes, but it ends here");
        replayed.Extend(log.RequireRange((long)head.LastFileOffset, 0));
        return replayed;
    }

    private VhdxLogEntry? ReadEntry(int at, Guid logGuid)
    {
        if (!_ring.AsSpan(at, 4).SequenceEqual("loge"u8))
            return null;
        var entry = VhdxLogEntry.Parse(_ring.AsSpan(at));
        if (!entry.IsPlausible(logGuid, _ring.Length))
            return null;
        _hashBudget -= entry.Length;
        if (_hashBudget < 0)
            throw new InvalidImageException(ErrorIds.Dirty, _name, _offset, "the log is full of entries that overlap");
        return VhdxChecksum.IsRight(Bytes(at, (int)entry.Length)) ? entry : null;
    }

    /// <summary>Indexes of the entries to replay, in order.</summary>
    private List<int> ActiveSequence()
    {
        List<int>? best = null;
        ulong bestSequence = 0;
        var seen = new bool[_entries.Length];
        for (var start = 0; start < _entries.Length; start++)
        {
            // The tail of a run that was followed already has the same end.
            if (_entries[start] is null || seen[start])
                continue;
            var run = Follow(start, seen);
            var head = _entries[run[run.Count - 1]]!.Value;
            var tail = run.IndexOf((int)(head.Tail / VhdxLogEntry.SectorSize));
            if (tail >= 0 && head.SequenceNumber > bestSequence)
            {
                bestSequence = head.SequenceNumber;
                best = run.GetRange(tail, run.Count - tail);
            }
        }

        return best ?? throw new InvalidImageException(ErrorIds.Dirty, _name, _offset, "the image was not closed properly, and its log has no complete sequence of entries to replay");
    }

    private List<int> Follow(int start, bool[] seen)
    {
        var run = new List<int>();
        var total = 0L;
        for (var at = start; ;)
        {
            var entry = _entries[at]!.Value;
            run.Add(at);
            seen[at] = true;
            total += entry.Length;
            var next = (int)((at + (entry.Length / VhdxLogEntry.SectorSize)) % _entries.Length);
            if (total >= _ring.Length || _entries[next] is not { } following || following.SequenceNumber != entry.SequenceNumber + 1)
                return run;
            at = next;
        }
    }

    private void Apply(int index, VhdxLogEntry entry, VhdxReplayedStore target)
    {
        var bytes = Bytes(index * VhdxLogEntry.SectorSize, (int)entry.Length);
        var sector = (int)entry.DescriptorBytes;
        for (var i = 0; i < entry.DescriptorCount; i++)
        {
            var descriptor = bytes.AsSpan(VhdxLogEntry.Size + (i * VhdxLogEntry.DescriptorSize), VhdxLogEntry.DescriptorSize);
            var fileOffset = BinaryPrimitives.ReadInt64LittleEndian(descriptor.Slice(16));
            if (BinaryPrimitives.ReadUInt64LittleEndian(descriptor.Slice(24)) != entry.SequenceNumber || fileOffset % VhdxLogEntry.SectorSize != 0)
                throw Bad(index, $"change {i} has the wrong sequence number or does not lie on a multiple of 4096");
            if (descriptor.Slice(0, 4).SequenceEqual("zero"u8))
            {
                var length = BinaryPrimitives.ReadInt64LittleEndian(descriptor.Slice(8));
                target.PutZeros(fileOffset, RequireRange(fileOffset, length) - fileOffset);
            }
            else if (descriptor.Slice(0, 4).SequenceEqual("desc"u8) && sector + VhdxLogEntry.SectorSize <= bytes.Length)
            {
                RequireRange(fileOffset, VhdxLogEntry.SectorSize);
                target.PutData(fileOffset, DataSector(bytes.AsSpan(sector, VhdxLogEntry.SectorSize), descriptor, entry, index));
                sector += VhdxLogEntry.SectorSize;
            }
            else
            {
                throw Bad(index, $"change {i} is neither data with its sector nor zeros");
            }
        }
    }

    /// <summary>A data sector has its signature and sequence number where the first 8 and last 4 bytes of the content belong; those stand in the descriptor.</summary>
    private byte[] DataSector(ReadOnlySpan<byte> sector, ReadOnlySpan<byte> descriptor, VhdxLogEntry entry, int index)
    {
        var high = BinaryPrimitives.ReadUInt32LittleEndian(sector.Slice(4));
        var low = BinaryPrimitives.ReadUInt32LittleEndian(sector.Slice(4092));
        if (!sector.Slice(0, 4).SequenceEqual("data"u8) || (((ulong)high << 32) | low) != entry.SequenceNumber)
            throw Bad(index, "a data sector has the wrong signature or sequence number");
        var content = sector.ToArray();
        descriptor.Slice(8, 8).CopyTo(content);
        descriptor.Slice(4, 4).CopyTo(content.AsSpan(4092));
        return content;
    }

    /// <summary>The end of the range.</summary>
    private long RequireRange(long offset, long length)
    {
        const long limit = 1L << 50;
        if (offset < 0 || length < 0 || offset > limit || length > limit)
            throw new InvalidImageException(ErrorIds.Dirty, _name, _offset, $"the log changes {length} bytes at {offset}, which is beyond any VHDX");
        return offset + length;
    }

    /// <summary>Bytes of the ring, around its end where need be.</summary>
    private byte[] Bytes(int at, int length)
    {
        var bytes = new byte[length];
        var first = Math.Min(length, _ring.Length - at);
        _ring.AsSpan(at, first).CopyTo(bytes);
        _ring.AsSpan(0, length - first).CopyTo(bytes.AsSpan(first));
        return bytes;
    }

    private InvalidImageException Bad(int index, string reason)
        => new(ErrorIds.Dirty, _name, _offset + ((long)index * VhdxLogEntry.SectorSize), $"the log cannot be replayed: {reason}");
}
