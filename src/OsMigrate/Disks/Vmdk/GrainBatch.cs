using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Grains of one chunk of a disk, as they came in a stream: the disk's content as far as this chunk goes. Holds the bytes until it is disposed.</summary>
internal sealed class GrainBatch : ByteStore, IDeflatedBlocks
{
    private readonly Window _window;
    private readonly long _capacity;
    private readonly int _grainBytes;
    private readonly long _firstGrain;
    private readonly long[] _places;

    /// <param name="name">Of the stream.</param>
    /// <param name="offset">Where the chunk begins on the disk, a multiple of the grain's size.</param>
    /// <param name="chunkBytes">How far it goes.</param>
    /// <param name="place">Byte offset of the first grain's marker in the stream.</param>
    public GrainBatch(string name, long capacity, int grainBytes, long offset, int chunkBytes, long place)
    {
        (_capacity, _grainBytes, Offset) = (capacity, grainBytes, offset);
        _window = new Window(name, place, chunkBytes + (chunkBytes / 8));
        _firstGrain = offset / grainBytes;
        _places = new long[chunkBytes / grainBytes];
    }

    /// <summary>Where the chunk begins on the disk.</summary>
    public long Offset { get; }

    public override long Length => _capacity;

    public override string Name => _window.Name;

    public int BlockSize => _grainBytes;

    public bool Covers(long grain) => grain - _firstGrain < _places.Length;

    /// <param name="place">Byte offset of its marker in the stream; ascending.</param>
    /// <param name="record">Marker and compressed data.</param>
    public void Add(long grain, long place, ReadOnlySpan<byte> record)
    {
        _window.Put(place, record);
        _places[grain - _firstGrain] = place;
    }

    public bool TryGet(long offset, out DeflatedBlock block)
    {
        block = default;
        var grain = offset / _grainBytes;
        if (offset > _capacity - _grainBytes || !Has(grain))
            return false;
        block = Locate(grain);
        return true;
    }

    public override Extent NextExtent(long offset)
    {
        var grain = offset / _grainBytes;
        var has = Has(grain);
        var end = grain + 1;
        while (end - _firstGrain < _places.Length && Has(end) == has)
            end++;
        return new Extent(offset, Math.Min(end * _grainBytes, _capacity) - offset, has ? ExtentKind.Data : ExtentKind.Zero);
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        var whole = new byte[_grainBytes];
        while (buffer.Length > 0)
        {
            var grain = offset / _grainBytes;
            var within = (int)(offset % _grainBytes);
            var n = Math.Min(_grainBytes - within, buffer.Length);
            if (Has(grain))
            {
                StoredGrain.Expand(Locate(grain), grain, whole, (int)Math.Min(_grainBytes, _capacity - (grain * _grainBytes)));
                whole.AsSpan(within, n).CopyTo(buffer);
            }
            else
            {
                buffer.Slice(0, n).Clear();
            }

            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _window.Dispose();
    }

    private bool Has(long grain) => grain - _firstGrain is >= 0 and var slot && slot < _places.Length && _places[slot] != 0;

    private DeflatedBlock Locate(long grain) => StoredGrain.Locate(_window, _grainBytes, grain, _places[grain - _firstGrain]);

    /// <summary>A piece of the stream by the stream's own offsets, so that errors name those.</summary>
    private sealed class Window(string name, long start, int size) : ByteStore
    {
        private SharedBuffer _buffer = new(size);
        private int _count;

        public override long Length => start + _count;

        public override string Name => name;

        public void Put(long place, ReadOnlySpan<byte> bytes)
        {
            var at = checked((int)(place - start));
            if (at + bytes.Length > _buffer.Bytes.Length)
                Grow(at + bytes.Length);
            bytes.CopyTo(_buffer.Bytes.AsSpan(at));
            _count = at + bytes.Length;
        }

        public override void Read(long offset, Span<byte> buffer)
        {
            if (offset < start)
                throw new ArgumentOutOfRangeException(nameof(offset));
            CheckRange(offset, buffer.Length);
            _buffer.Span((int)(offset - start), buffer.Length).CopyTo(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _buffer.Release();
        }

        /// <summary>Grains that deflate could not shrink are larger than what they hold.</summary>
        private void Grow(int wanted)
        {
            var larger = new SharedBuffer(wanted + (wanted / 2));
            _buffer.Span(0, _count).CopyTo(larger.Bytes);
            _buffer.Release();
            _buffer = larger;
        }
    }
}
