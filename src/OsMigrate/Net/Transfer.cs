using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>One file on its way: what to ask for next, and what to do with the answer.</summary>
/// <remarks>RFC 9110, sections 13.1 (If-None-Match, If-Range), 14 (ranges) and 15.4 (redirects).</remarks>
internal sealed class Transfer
{
    private readonly PartialFile _file;
    private readonly string _origin;
    private readonly string _path;
    private readonly DownloadRecord? _whole;
    private readonly Action<long, long?>? _progress;
    private readonly CancellationToken _cancel;
    private DownloadRecord? _begun;
    private Uri _address;

    /// <param name="whole">What is known of the finished file at hand; null where there is none.</param>
    public Transfer(PartialFile file, Uri address, string path, DownloadRecord? whole, Action<long, long?>? progress, CancellationToken cancel)
    {
        (_file, _address, _origin, _path, _whole, _progress, _cancel) = (file, address, address.AbsoluteUri, path, whole, progress, cancel);
        _begun = DownloadRecord.Read(path + FileSink.PartialSuffix);
        if (_begun is not { CanResume: true } || _begun.Address != _origin || (_begun.SizeBytes >= 0 && _begun.SizeBytes < file.Length))
            Forget();
    }

    /// <summary>Bytes that have arrived.</summary>
    public long Have => _file.Length;

    /// <summary>What the server calls this version of the file.</summary>
    public string Validator => _begun?.Validator ?? "";

    /// <summary>The request was for a newer file than the one at hand only.</summary>
    public bool IsConditional => _whole is { Validator.Length: > 0 } && Have == 0;

    public HttpCall Call()
    {
        var headers = new List<KeyValuePair<string, string>> { new("Accept", "application/octet-stream, */*"), new("Accept-Encoding", "identity") };
        if (Have > 0)
        {
            headers.Add(new("Range", $"bytes={Have.ToString(CultureInfo.InvariantCulture)}-"));
            headers.Add(new("If-Range", Validator));
        }
        else if (IsConditional)
        {
            headers.Add(new(_whole!.HasETag ? "If-None-Match" : "If-Modified-Since", _whole.Validator));
        }

        return new HttpCall("GET", _address) { Headers = headers };
    }

    /// <summary>Takes a successful answer in.</summary>
    public void Take(HttpReply head, Stream body, long? length)
    {
        var total = head.Status == 206 ? Continue(head) : Begin(head, length);
        var buffer = new byte[256 << 10];
        for (int n; (n = body.Read(buffer, 0, buffer.Length)) > 0;)
        {
            _cancel.ThrowIfCancellationRequested();
            if (total is { } most && Have + n > most)
                throw Bad($"sent more than the {most} bytes it announced");
            _file.Append(buffer, n);
            _progress?.Invoke(Have, total);
        }

        if (total is { } all && Have < all)
            throw new OsMigrateException(ErrorIds.NetInterrupted, ErrorKind.ResourceUnavailable, $"{_address.Host} sent {Have} of {all} bytes.", _origin);
    }

    /// <summary>True when what is there cannot be gone on with (416) and was thrown away.</summary>
    public bool StartsAnew(HttpReply reply)
    {
        if (reply.Status != 416 || Have == 0)
            return false;
        Forget();
        return true;
    }

    /// <summary>True when the answer leads elsewhere. From a secure place only to another one.</summary>
    public bool Follow(HttpReply reply)
    {
        if (reply.Status is not (301 or 302 or 303 or 307 or 308) || reply.Header("Location") is not { } location || !Uri.TryCreate(_address, location, out var next))
            return false;
        if (next.Scheme != Uri.UriSchemeHttps && (next.Scheme != Uri.UriSchemeHttp || _address.Scheme == Uri.UriSchemeHttps))
            throw Bad($"leads on to '{next}', which is not secure");
        _address = next;
        return true;
    }

    /// <summary>The whole file comes, perhaps because it changed since.</summary>
    private long? Begin(HttpReply head, long? length)
    {
        _file.Cut(0);
        var validator = head.Header("ETag") ?? head.Header("Last-Modified") ?? "";
        _begun = new DownloadRecord(_origin, validator, length ?? -1, "");
        _begun.Write(_path + FileSink.PartialSuffix);
        return length;
    }

    /// <summary>Content-Range: bytes FIRST-LAST/TOTAL.</summary>
    private long? Continue(HttpReply head)
    {
        var range = (head.Header("Content-Range") ?? "").Split(' ', '-', '/');
        if (range.Length != 4 || !long.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || first != Have)
        {
            Forget();
            throw new OsMigrateException(ErrorIds.NetInterrupted, ErrorKind.ResourceUnavailable, $"{_address.Host} sent another part of the file than was asked for.", _origin);
        }

        return long.TryParse(range[3], NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : null;
    }

    private void Forget()
    {
        _file.Cut(0);
        _begun = null;
    }

    private OsMigrateException Bad(string what) => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"{_address.Host} {what}.", _origin);
}
