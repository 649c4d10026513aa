namespace OsMigrate.Net;

/// <summary>What a request carries. A body can be written again when a request is repeated, so it is an action and not a stream.</summary>
public sealed class HttpBody
{
    private HttpBody(string contentType, long? length, Action<Stream, CancellationToken> write)
        => (ContentType, Length, Write) = (contentType, length, write);

    public string ContentType { get; }

    /// <summary>Exact length in bytes; null sends it in chunks.</summary>
    public long? Length { get; }

    /// <summary>True for bodies worth asking first whether they are welcome ("Expect: 100-continue").</summary>
    public bool IsLarge { get; private init; }

    /// <summary>Writes the whole body; called once per attempt.</summary>
    internal Action<Stream, CancellationToken> Write { get; }

    /// <summary>A small body at hand.</summary>
    public static HttpBody Of(string contentType, byte[] content)
        => new(contentType, content.Length, (stream, _) => stream.Write(content, 0, content.Length));

    /// <summary>A large body that is made while it is sent.</summary>
    /// <param name="write">Writes exactly <paramref name="length"/> bytes; what it throws reaches the sender unchanged.</param>
    public static HttpBody Streamed(string contentType, long? length, Action<Stream, CancellationToken> write)
        => new(contentType, length, write) { IsLarge = true };
}
