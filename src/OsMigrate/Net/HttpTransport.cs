using System.Net.Http;
using System.Net.Http.Headers;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>Sends requests to the servers that share one set of TLS settings. Safe for use from several threads.</summary>
/// <remarks>Redirects are not followed: no API of ours needs one, and a token must not go where the user did not send it.</remarks>
public sealed class HttpTransport : IDisposable
{
    private const int MaxReplyBytes = 64 << 20;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(120);

    private readonly CertificateTrust _trust;
    private readonly HttpClient _client;
    private readonly HttpRetry _retry;
    private readonly TimeSpan _timeout;

    /// <param name="tls">Trust and client certificate.</param>
    /// <param name="timeout">Time for an answer to begin; null for two minutes.</param>
    /// <param name="note">Told of waits and repetitions; never of secrets.</param>
    /// <exception cref="OsMigrateException">A certificate file cannot be read.</exception>
    public HttpTransport(TlsSettings tls, TimeSpan? timeout = null, Action<string>? note = null)
        : this(tls, timeout, note, TimeProvider.System)
    {
    }

    internal HttpTransport(TlsSettings tls, TimeSpan? timeout, Action<string>? note, TimeProvider time)
    {
        _trust = new CertificateTrust(tls);
        _client = new HttpClient(_trust.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("OsMigrate", typeof(HttpTransport).Assembly.GetName().Version?.ToString(3)));
        _timeout = timeout ?? DefaultTimeout;
        _retry = new HttpRetry(time, note ?? (static _ => { }));
    }

    /// <summary>Sends a request, again where that is harmless and promising, and reads the whole answer, whatever its status.</summary>
    /// <exception cref="OsMigrateException">No answer came: Net.* tells why. What a body's writer throws passes unchanged.</exception>
    public HttpReply Send(HttpCall call, CancellationToken cancel)
        => _retry.Run(call, () => Once(call, null, cancel), cancel);

    /// <summary>Sends a request once and hands a successful answer's body on while it arrives.</summary>
    /// <param name="read">Gets the body and its announced length (null when none is); what it throws passes unchanged.</param>
    /// <returns>The answer; its body is empty when it was handed on.</returns>
    public HttpReply Receive(HttpCall call, Action<Stream, long?> read, CancellationToken cancel) => Once(call, (_, body, length) => read(body, length), cancel);

    /// <summary>As <see cref="Receive"/>, but sent again where that is promising; each time the request is made anew, so that it can ask for what is still missing.</summary>
    /// <param name="read">Gets the answer's head too.</param>
    public HttpReply ReceiveOn(Func<HttpCall> next, Action<HttpReply, Stream, long?> read, CancellationToken cancel)
        => _retry.Run(next(), () => Once(next(), read, cancel), cancel);

    public void Dispose()
    {
        _client.Dispose();
        _trust.Dispose();
    }

    private HttpReply Once(HttpCall call, Action<HttpReply, Stream, long?>? read, CancellationToken cancel)
    {
        using var clock = new AnswerClock(call.Timeout ?? _timeout, cancel);
        using var content = call.Body is { } body ? new BodyContent(body, clock) : null;
        try
        {
            using var request = Request(call, content);
            if (content is null)
                clock.Start();
            using var response = _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, clock.Token).GetAwaiter().GetResult();
            clock.Stop();
            return Read(call, response, read, clock, cancel);
        }
        catch (Exception e) when (content?.WriterFault is { } fault && !cancel.IsCancellationRequested)
        {
            _ = e;
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(fault).Throw();
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            cancel.ThrowIfCancellationRequested();
            throw NetErrors.Map(e, call, clock.HasExpired, content?.Sent, _trust.TakeProblem());
        }
    }

    private static HttpRequestMessage Request(HttpCall call, BodyContent? content)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Address) { Content = content };
        foreach (var header in call.Headers)
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (call.Body is { IsLarge: true })
            request.Headers.ExpectContinue = true;
        return request;
    }

    private static HttpReply Read(HttpCall call, HttpResponseMessage response, Action<HttpReply, Stream, long?>? read, AnswerClock clock, CancellationToken cancel)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in response.Headers.Concat(response.Content.Headers))
            headers[header.Key] = string.Join(",", header.Value);
        using var stream = new ReplyStream(response.Content.ReadAsStreamAsync().GetAwaiter().GetResult(), clock, cancel);
        var status = (int)response.StatusCode;
        var length = response.Content.Headers.ContentLength;
        if (read is null || status is < 200 or >= 300)
            return new HttpReply(status, headers, Whole(call, stream, length), call.Address);
        var head = new HttpReply(status, headers, [], call.Address);
        read(head, stream, length);
        return head;
    }

    private static byte[] Whole(HttpCall call, Stream stream, long? length)
    {
        if (length > MaxReplyBytes)
            throw NetErrors.TooLarge(call, MaxReplyBytes);
        using var all = new MemoryStream((int)(length ?? 0));
        var buffer = new byte[16 << 10];
        for (int n; (n = stream.Read(buffer, 0, buffer.Length)) > 0;)
        {
            if (all.Length + n > MaxReplyBytes)
                throw NetErrors.TooLarge(call, MaxReplyBytes);
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }
}
