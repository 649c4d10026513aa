using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace OsMigrate.Net;

/// <summary>A body on its way to a server; keeps apart what its writer threw and what the connection threw.</summary>
internal sealed class BodyContent : HttpContent
{
    private readonly HttpBody _body;
    private readonly AnswerClock _clock;

    public BodyContent(HttpBody body, AnswerClock clock)
    {
        (_body, _clock) = (body, clock);
        Headers.ContentType = MediaTypeHeaderValue.Parse(body.ContentType);
    }

    /// <summary>Bytes handed to the connection.</summary>
    public long Sent { get; private set; }

    /// <summary>What the writer itself threw, or null.</summary>
    public Exception? WriterFault { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using var wire = new Wire(this, stream);
        try
        {
            _body.Write(wire, _clock.Token);
        }
        catch (Exception e) when (wire.Fault is null)
        {
            WriterFault = e;
            throw;
        }

        // From here on the server is at work.
        _clock.Start();
        return Task.CompletedTask;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length ?? 0;
        return _body.Length is not null;
    }

    /// <summary>Writes on, counts, and runs the clock only while the connection holds us up.</summary>
    private sealed class Wire(BodyContent content, Stream below) : Stream
    {
        public Exception? Fault { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => content.Sent;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            content._clock.Start();
            try
            {
                below.WriteAsync(buffer, offset, count, content._clock.Token).GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                Fault = e;
                throw;
            }

            content._clock.Stop();
            content.Sent += count;
        }

        public override void Flush() => below.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
