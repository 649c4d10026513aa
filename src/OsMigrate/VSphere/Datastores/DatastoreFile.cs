using System.Buffers;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Datastores;

/// <summary>A file of a datastore as a store: small reads come through a cache of pages, large ones through windows that are fetched ahead on several connections.</summary>
internal sealed class DatastoreFile : ByteStore
{
    private const int PageSize = 64 << 10;
    private const int MaxPages = 128;
    private const int LargeRead = 4 * PageSize;

    private readonly DatastoreReader _reader;
    private readonly ReadAhead? _ahead;
    private readonly CancellationTokenSource _stop;
    private readonly object _gate = new();
    private readonly Dictionary<long, byte[]> _pages = [];
    private readonly Queue<long> _order = new();

    /// <param name="connections">Windows that are fetched at once; 0 fetches exactly what is asked for and keeps nothing.</param>
    /// <exception cref="OsMigrateException">The file is not there, or cannot be read now.</exception>
    public DatastoreFile(VSphereSession session, string datacenter, DatastorePath path, int connections, CancellationToken cancel)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            _reader = new DatastoreReader(session, datacenter, path, _stop.Token);
        }
        catch
        {
            _stop.Dispose();
            throw;
        }

        _ahead = connections == 0 ? null : new ReadAhead(_reader.Read, _reader.Length, connections);
    }

    public override long Length => _reader.Length;

    public override string Name => _reader.Path.ToString();

    /// <summary>Bytes that came over the wire.</summary>
    public long BytesRead => _reader.BytesRead;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        if (_ahead is null)
        {
            var exact = ArrayPool<byte>.Shared.Rent(buffer.Length);
            try
            {
                _reader.Read(offset, exact, buffer.Length);
                exact.AsSpan(0, buffer.Length).CopyTo(buffer);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(exact);
            }

            return;
        }

        if (buffer.Length >= LargeRead)
        {
            _ahead.Read(offset, buffer);
            return;
        }

        while (buffer.Length > 0)
        {
            var page = Page(offset / PageSize);
            var at = (int)(offset % PageSize);
            var count = Math.Min(buffer.Length, page.Length - at);
            page.AsSpan(at, count).CopyTo(buffer);
            buffer = buffer.Slice(count);
            offset += count;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _stop.Cancel();
        _ahead?.Dispose();
        _stop.Dispose();
    }

    private byte[] Page(long number)
    {
        lock (_gate)
        {
            if (_pages.TryGetValue(number, out var known))
                return known;
        }

        var page = new byte[(int)Math.Min(PageSize, Length - number * PageSize)];
        _reader.Read(number * PageSize, page, page.Length);
        lock (_gate)
        {
            if (_pages.ContainsKey(number))
                return page;
            _pages[number] = page;
            _order.Enqueue(number);
            if (_order.Count > MaxPages)
                _pages.Remove(_order.Dequeue());
        }

        return page;
    }
}
