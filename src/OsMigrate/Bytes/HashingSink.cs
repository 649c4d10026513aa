using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace OsMigrate.Bytes;

/// <summary>Passes everything on and hashes it on the way, one thread per algorithm. A sink that gets patched must be read back instead.</summary>
/// <remarks>Does not own the sink below.</remarks>
public sealed class HashingSink : Sink
{
    private const int BlockSize = 1 << 20;

    private readonly Sink _below;
    private readonly List<Lane> _lanes = [];
    private SharedBuffer _block = new(BlockSize);
    private int _filled;
    private bool _abandoned;

    public HashingSink(Sink below, params HashAlgorithmName[] algorithms)
    {
        _below = below;
        foreach (var algorithm in algorithms)
            _lanes.Add(new Lane(algorithm));
    }

    public override string Name => _below.Name;

    public override bool CanPatch => _below.CanPatch;

    /// <summary>False when bytes were changed after they were hashed: the sums would be wrong and <see cref="Finish"/> returns nothing.</summary>
    public bool IsValid => !_abandoned;

    private bool IsHashing => !_abandoned && _lanes.Count > 0;

    public override void Append(ReadOnlySpan<byte> data)
    {
        _below.Append(data);
        Position = _below.Position;
        while (IsHashing && data.Length > 0)
        {
            var n = Math.Min(data.Length, BlockSize - _filled);
            data.Slice(0, n).CopyTo(_block.Span(_filled, n));
            Filled(n);
            data = data.Slice(n);
        }
    }

    public override void Append(SharedBuffer buffer, int start, int length)
    {
        if (length < BlockSize / 2)
        {
            Append(buffer.Span(start, length));
            return;
        }

        _below.Append(buffer, start, length);
        Position = _below.Position;
        if (!IsHashing)
            return;
        Flush();
        foreach (var lane in _lanes)
            lane.Add(buffer.Share(), start, length);
    }

    public override void AppendZeros(long count)
    {
        _below.AppendZeros(count);
        Position = _below.Position;
        while (IsHashing && count > 0)
        {
            var n = (int)Math.Min(count, BlockSize - _filled);
            _block.Span(_filled, n).Clear();
            Filled(n);
            count -= n;
        }
    }

    public override void ExpectPatches() => _abandoned = true;

    public override void Patch(long offset, ReadOnlySpan<byte> data)
    {
        _abandoned = true;
        _below.Patch(offset, data);
    }

    /// <summary>Closes the sums.</summary>
    /// <returns>Lower-case hex by algorithm; empty when the sink was patched.</returns>
    public IReadOnlyDictionary<HashAlgorithmName, string> Finish()
    {
        if (_abandoned)
            return new Dictionary<HashAlgorithmName, string>();
        Flush();
        return _lanes.ToDictionary(l => l.Algorithm, l => Hex.Lower(l.Finish()));
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var lane in _lanes)
            lane.Dispose();
        _block.Release();
    }

    private void Filled(int count)
    {
        _filled += count;
        if (_filled == BlockSize)
            Flush();
    }

    private void Flush()
    {
        if (_filled == 0)
            return;
        foreach (var lane in _lanes)
            lane.Add(_block.Share(), 0, _filled);
        _block.Release();
        _block = new SharedBuffer(BlockSize);
        _filled = 0;
    }

    private sealed class Lane : IDisposable
    {
        private readonly BlockingCollection<(SharedBuffer Buffer, int Start, int Length)> _blocks = new(8);
        private readonly IncrementalHash _hash;
        private readonly Task _work;

        public Lane(HashAlgorithmName algorithm)
        {
            Algorithm = algorithm;
            _hash = IncrementalHash.CreateHash(algorithm);
            _work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public HashAlgorithmName Algorithm { get; }

        public void Add(SharedBuffer buffer, int start, int length) => _blocks.Add((buffer, start, length));

        public byte[] Finish()
        {
            _blocks.CompleteAdding();
            _work.Wait();
            return _hash.GetHashAndReset();
        }

        public void Dispose()
        {
            _blocks.CompleteAdding();
            _work.Wait();
            _hash.Dispose();
            _blocks.Dispose();
        }

        private void Work()
        {
            foreach (var block in _blocks.GetConsumingEnumerable())
            {
                _hash.AppendData(block.Buffer.Bytes, block.Start, block.Length);
                block.Buffer.Release();
            }
        }
    }
}
