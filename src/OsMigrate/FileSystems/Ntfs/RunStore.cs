using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The content of a non-resident attribute that is not compressed. Writable where the volume is, within the clusters it has.</summary>
internal sealed class RunStore : ByteStore
{
    private readonly ByteStore _volume;
    private readonly int _cluster;
    private readonly RunList _runs;
    private readonly long _initialized;

    /// <param name="length">Bytes of content; what the runs do not cover reads as zeros.</param>
    /// <param name="initialized">Bytes from here on read as zeros.</param>
    public RunStore(ByteStore volume, int clusterSize, RunList runs, long length, long initialized, string name)
        => (_volume, _cluster, _runs, Length, _initialized, Name) = (volume, clusterSize, runs, length, Math.Min(initialized, length), name);

    public override long Length { get; }

    public override string Name { get; }

    /// <summary>Bytes from here on were never written.</summary>
    public long InitializedBytes => _initialized;

    public override bool CanWrite => _volume.CanWrite;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var (place, n) = Locate(offset, buffer.Length);
            if (place < 0)
                buffer.Slice(0, n).Clear();
            else
                _volume.Read(place, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckRange(offset, data.Length);
        while (data.Length > 0)
        {
            var (place, n) = Locate(offset, data.Length);
            if (place < 0)
                throw new InvalidImageException(ErrorIds.BadStructure, Name, offset, "a part that has no clusters was to be written");
            _volume.Write(place, data.Slice(0, n));
            offset += n;
            data = data.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var (place, n) = Locate(offset, long.MaxValue);
        if (place < 0)
            return new Extent(offset, n, ExtentKind.Zero);
        var below = _volume.NextExtent(place);
        return new Extent(offset, Math.Min(n, below.Length), below.Kind);
    }

    /// <summary>Byte offset on the volume; -1 for zeros.</summary>
    public long PlaceOf(long offset) => Locate(offset, 1L).Place;

    private (long Place, int Count) Locate(long offset, int wanted)
    {
        var (place, n) = Locate(offset, (long)wanted);
        return (place, (int)n);
    }

    private (long Place, long Count) Locate(long offset, long wanted)
    {
        if (offset >= _initialized || offset / _cluster >= _runs.End)
            return (-1, Math.Min(wanted, Length - offset));
        var run = _runs.At(offset / _cluster);
        var n = Math.Min(wanted, Math.Min(run.End * _cluster, _initialized) - offset);
        return (run.IsHole ? -1 : (run.Lcn * _cluster) + (offset - (run.Vcn * _cluster)), n);
    }
}
