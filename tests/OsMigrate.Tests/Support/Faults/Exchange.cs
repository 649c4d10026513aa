using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OsMigrate.Tests.Support.Faults;

/// <summary>Takes one request from a client to its service and the answer back, with what goes wrong between.</summary>
internal sealed class Exchange(FaultProxy proxy, Uri service, Wire client, CancellationToken cancel)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <returns>True when the client's connection is good for another request.</returns>
    public async Task<bool> Run()
    {
        if (await client.ReadHead(cancel) is not { } head)
            return false;
        var request = new ProxiedRequest(service, head.Words[0], head.Words[1], head.Headers());
        var fault = proxy.Meet(request);
        if (fault is Fault.Answer answer)
            return await AnswerOurselves(head, request, answer);
        if (fault is Fault.Delay delay)
            await Task.Delay(delay.Time, cancel);
        using var server = new Wire(await Connect());
        return await Relay(head, request, server, fault);
    }

    private async Task<bool> AnswerOurselves(HttpHead head, ProxiedRequest request, Fault.Answer answer)
    {
        // Who asks first whether to send the body gets the answer instead; all others have sent it before they listen.
        var waits = head["Expect"] is not null;
        if (answer.AfterBytes is not null && waits)
        {
            await client.Write("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancel);
            waits = false;
        }

        if (!waits)
            waits = await TakeBody(head, request, answer.AfterBytes ?? long.MaxValue);

        var body = Encoding.UTF8.GetBytes(answer.Body);
        var reply = new HttpHead($"HTTP/1.1 {answer.Status} Fault", [new("Content-Type", "application/json"), new("Content-Length", Number(body.Length))]);
        if (answer.RetryAfterSeconds is { } seconds)
            reply["Retry-After"] = Number(seconds);
        if (waits)
            reply["Connection"] = "close";
        request.Status = answer.Status;
        await client.Write(reply.ToBytes(), cancel);
        if (request.Method != "HEAD")
            await client.Write(body, cancel);
        if (waits)
            await client.Finish(LastWords);
        return !waits;
    }

    /// <returns>True when the body goes on: the connection is good for nothing else then.</returns>
    private async Task<bool> TakeBody(HttpHead head, ProxiedRequest request, long most)
    {
        await foreach (var piece in client.Body(head, toEnd: false, cancel))
        {
            request.Count(piece.Length);
            if (request.BodyBytes >= most)
                return true;
        }

        return false;
    }

    private async Task<bool> Relay(HttpHead head, ProxiedRequest request, Wire server, Fault? fault)
    {
        head["Connection"] = "close";
        await server.Write(head.ToBytes(), cancel);
        var sending = SendBody(head, request, server, (fault as Fault.CutRequest)?.AfterBytes);
        if (await AnswerHead(server) is not { } reply)
        {
            client.Reset();
            await sending;
            return false;
        }

        if (fault is Fault.LoseAnswer)
        {
            await foreach (var _ in server.Body(reply, HasBody(request, reply), cancel))
            {
                // The service has done all of it; nobody hears.
            }

            client.Dispose();
            await sending;
            return false;
        }

        request.Status = reply.Status;
        var whole = await SendAnswer(request, reply, server, fault);
        if (!sending.IsCompleted)
        {
            // The client may still be sending: it gets the answer before its connection goes.
            client.FinishSending();
            await Task.WhenAny(sending, Task.Delay(LastWords, cancel));
            client.Dispose();
            await sending;
            return false;
        }

        if (!whole)
            await client.Finish(LastWords);
        return whole;
    }

    /// <summary>Hands the request's body on until it ends, the client goes away or the fault strikes. Throws nothing: the answer's side notices.</summary>
    private async Task SendBody(HttpHead head, ProxiedRequest request, Wire server, long? cutAfter)
    {
        try
        {
            var left = cutAfter ?? long.MaxValue;
            var listens = true;
            await foreach (var piece in client.Body(head, toEnd: false, cancel))
            {
                var part = piece[..(int)Math.Min(left, piece.Length)];
                request.Count(part.Length);
                // A server that answers early may listen no more; the rest is then taken in for nobody, as its answer counts.
                listens = listens && await TryWrite(() => server.WritePiece(part, head.IsChunked, cancel));
                left -= part.Length;
                if (left <= 0)
                    break;
            }

            if (cutAfter is not null)
                server.Reset();
            else if (head.IsChunked && listens)
                await TryWrite(() => server.Write("0\r\n\r\n"u8.ToArray(), cancel).AsTask());
        }
        catch (Exception e) when (Ended(e))
        {
            // The client went away in the middle: so do we.
            server.Dispose();
        }
    }

    private static async Task<bool> TryWrite(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (Exception e) when (Ended(e))
        {
            return false;
        }
    }

    /// <summary>The answer's head; hands "100 Continue" on meanwhile. Null when the connection ended.</summary>
    private async Task<HttpHead?> AnswerHead(Wire server)
    {
        try
        {
            while (await server.ReadHead(cancel) is { } head)
            {
                if (head.Status is < 100 or >= 200)
                    return head;
                await client.Write(head.ToBytes(), cancel);
            }
        }
        catch (Exception e) when (Ended(e))
        {
            return null;
        }

        return null;
    }

    /// <returns>True when all of it went out in a way that leaves the connection usable.</returns>
    private async Task<bool> SendAnswer(ProxiedRequest request, HttpHead reply, Wire server, Fault? fault)
    {
        var hasBody = HasBody(request, reply);
        var pieces = hasBody ? server.Body(reply, toEnd: true, cancel) : Nothing();
        if (hasBody && FaultProxy.NamesServices(request))
        {
            var text = proxy.Redirect(await Text(pieces));
            if (reply["X-Subject-Token"] is { } token)
                text = proxy.Lend(token, text);
            reply["Content-Length"] = Number(text.Length);
            reply["Transfer-Encoding"] = null;
            pieces = Single(text);
        }

        var framed = !hasBody || reply.IsChunked || reply.Length is not null;
        if (fault is Fault.WrongLength wrong && reply.Length is { } length)
            (framed, reply["Content-Length"]) = (false, Number(Math.Max(0, length + wrong.Difference)));
        reply["Connection"] = framed ? "keep-alive" : "close";
        await client.Write(reply.ToBytes(), cancel);
        var left = (fault as Fault.CutAnswer)?.AfterBytes ?? long.MaxValue;
        await foreach (var piece in pieces)
        {
            if (left <= 0)
                break;
            var part = piece[..(int)Math.Min(left, piece.Length)];
            await client.WritePiece(part, reply.IsChunked, cancel);
            left -= part.Length;
        }

        if (fault is Fault.CutAnswer)
            return false;
        if (hasBody && reply.IsChunked)
            await client.Write("0\r\n\r\n"u8.ToArray(), cancel);
        return framed;
    }

    private async Task<Socket> Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(service.Host, service.Port, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool Ended(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or FormatException;

    private static bool HasBody(ProxiedRequest request, HttpHead reply) => request.Method != "HEAD" && reply.Status is not (204 or 304);

    private static async Task<byte[]> Text(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var all = new MemoryStream();
        await foreach (var piece in pieces)
            all.Write(piece.Span);
        return all.ToArray();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Single(byte[] bytes)
    {
        await Task.CompletedTask;
        yield return bytes;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Nothing()
    {
        await Task.CompletedTask;
        yield break;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
