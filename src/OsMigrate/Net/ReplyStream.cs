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
