using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace OsMigrate.Tests.Support.Faults;

/// <summary>One end of a connection: reads heads and bodies, writes both.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private const int MaxHeadBytes = 64 << 10;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    /// <summary>Null when the connection ended before anything came.</summary>
    public async Task<HttpHead?> ReadHead(CancellationToken cancel)
    {
        var text = new StringBuilder();
        while (text.Length < MaxHeadBytes)
        {
            var line = await ReadLine(cancel);
            if (line is null)
                return text.Length == 0 ? null : throw new IOException("The connection ended within a head.");
            if (line.Length > 0)
                text.Append(text.Length > 0 ? "\r\n" : "").Append(line);
            else if (text.Length > 0)
                return HttpHead.Parse(text.ToString());
        }

        throw new IOException("A head is too long.");
    }

    /// <summary>The body's bytes as they come, without the marks of chunks.</summary>
    /// <param name="toEnd">True when a body without length and chunks goes to the end of the connection.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Body(HttpHead head, bool toEnd, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (head.IsChunked)
        {
            for (long size; (size = await ChunkSize(cancel)) > 0; await ReadLine(cancel))
            {
                await foreach (var piece in Exactly(size, cancel))
                    yield return piece;
            }

            while (await ReadLine(cancel) is { Length: > 0 })
            {
                // Trailers are of no use here.
            }

            yield break;
        }

        if (head.Length is { } length)
        {
            await foreach (var piece in Exactly(length, cancel))
                yield return piece;
            yield break;
        }

        while (toEnd && await Fill(cancel))
            yield return Take(int.MaxValue);
    }

    public ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _stream.WriteAsync(bytes, cancel);

    public async Task WritePiece(ReadOnlyMemory<byte> piece, bool chunked, CancellationToken cancel)
    {
        if (chunked)
            await Write(Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), cancel);
        await Write(piece, cancel);
        if (chunked)
            await Write("\r\n"u8.ToArray(), cancel);
    }

    /// <summary>Ends the connection as a crash does: what is on its way is lost.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    /// <summary>Ends our direction and takes in what still comes, so that what was sent is not lost by a reset.</summary>
    public async Task Finish(TimeSpan limit)
    {
        using var time = new CancellationTokenSource(limit);
        FinishSending();
        try
        {
            while (await _stream.ReadAsync(_buffer, time.Token) > 0)
            {
                // Thrown away.
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is over in any case.
        }

        Dispose();
    }

    /// <summary>Ends our direction; the other end may go on.</summary>
    public void FinishSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over already.
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task<long> ChunkSize(CancellationToken cancel)
    {
        var line = await ReadLine(cancel) ?? throw new IOException("The connection ended within a body.");
        return long.Parse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Exactly(long count, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (long left = count; left > 0;)
        {
            if (!await Fill(cancel))
                throw new IOException("The connection ended within a body.");
            var piece = Take((int)Math.Min(left, int.MaxValue));
            left -= piece.Length;
            yield return piece;
        }
    }

    private async Task<string?> ReadLine(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (await Fill(cancel))
        {
            var at = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            var stop = at < 0 ? _end : at + 1;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, stop - _start));
            _start = stop;
            if (at >= 0)
                return line.ToString().TrimEnd('\r', '\n');
            if (line.Length > MaxHeadBytes)
                throw new IOException("A line is too long.");
        }

        return line.Length == 0 ? null : throw new IOException("The connection ended within a line.");
    }

    private ReadOnlyMemory<byte> Take(int most)
    {
        var piece = _buffer.AsMemory(_start, Math.Min(most, _end - _start));
        _start += piece.Length;
        return piece;
    }

    /// <summary>False at the end of the connection.</summary>
    private async Task<bool> Fill(CancellationToken cancel)
    {
        if (_start < _end)
            return true;
        (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancel));
        return _end > 0;
    }
}
