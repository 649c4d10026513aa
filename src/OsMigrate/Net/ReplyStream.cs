namespace OsMigrate.Net;

/// <summary>An answer's body; every read must bring something within the clock's limit.</summary>
internal sealed class ReplyStream(Stream below, AnswerClock clock, CancellationToken cancel) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        cancel.ThrowIfCancellationRequested();
        clock.Start();
        var n = below.ReadAsync(buffer, offset, count, clock.Token).GetAwaiter().GetResult();
        clock.Stop();
        return n;
    }

    /// <summary>Reads until the buffer is full or the body ends. Waits once for all, where <see cref="Read"/> waits for each record of TLS: that is what large bodies spend their time on.</summary>
    /// <param name="took">Told of each piece, so that what came is known when the rest does not come.</param>
    public void Fill(byte[] buffer, int offset, int count, Action<int> took)
    {
        cancel.ThrowIfCancellationRequested();
        FillAsync(buffer, offset, count, took).GetAwaiter().GetResult();
        clock.Stop();
    }

    /// <summary>Reads the body to its end, one piece ahead: the next is on its way while one is worked on.</summary>
    /// <param name="take">Gets each piece, on the calling thread; the bytes are valid until it returns.</param>
    public void ReadAhead(int pieceSize, Action<byte[], int> take)
    {
        var (now, next) = (new byte[pieceSize], new byte[pieceSize]);
        var reading = PieceAsync(now);
        while (reading.GetAwaiter().GetResult() is > 0 and var n)
        {
            cancel.ThrowIfCancellationRequested();
            reading = PieceAsync(next);
            try
            {
                take(now, n);
            }
            catch
            {
                Abandon(reading);
                throw;
            }

            (now, next) = (next, now);
        }
    }

    private async Task<int> PieceAsync(byte[] buffer)
    {
        var count = 0;
        await FillAsync(buffer, 0, buffer.Length, n => count += n).ConfigureAwait(false);
        clock.Stop();
        return count;
    }

    /// <summary>Ends a read that nobody waits for: nothing may write into its buffer any more when the caller goes on.</summary>
    private void Abandon(Task reading)
    {
        below.Dispose();
        try
        {
            reading.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException or InvalidOperationException)
        {
            // What the caller has to tell is the error that brought us here.
            _ = e;
        }
    }

    private async Task FillAsync(byte[] buffer, int offset, int count, Action<int> took)
    {
        while (count > 0)
        {
            clock.Start();
            var n = await below.ReadAsync(buffer, offset, count, clock.Token).ConfigureAwait(false);
            if (n == 0)
                return;
            took(n);
            (offset, count) = (offset + n, count - n);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            below.Dispose();
    }
}
