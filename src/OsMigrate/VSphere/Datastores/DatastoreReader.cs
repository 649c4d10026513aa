using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Datastores;

/// <summary>Reads ranges of one file of a datastore over HTTPS. A range that is cut is asked for again from where it was cut.</summary>
/// <remarks>RFC 9110, section 14.</remarks>
internal sealed class DatastoreReader
{
    private readonly VSphereSession _session;
    private readonly string _datacenter;
    private readonly CancellationToken _cancel;
    private long _bytesRead;
    private Uri _address;

    /// <exception cref="OsMigrateException">The file is not there, or cannot be read now.</exception>
    public DatastoreReader(VSphereSession session, string datacenter, DatastorePath path, CancellationToken cancel)
    {
        (_session, _datacenter, Path, _cancel) = (session, datacenter, path, cancel);
        _address = FolderAddress.Of(session.Server.Sdk, datacenter, path, twice: false);
        Length = Measure();
    }

    public DatastorePath Path { get; }

    public long Length { get; }

    /// <summary>When the file was written to last, as the server says it; null when it does not.</summary>
    public string? ModifiedAt { get; private set; }

    /// <summary>Bytes that came over the wire.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Fills the buffer, wholly.</summary>
    public void Read(long offset, byte[] buffer, int count)
    {
        for (var (have, renewed) = (0, false); have < count;)
        {
            var generation = _session.Generation;
            var reply = _session.Transport.ReceiveOn(() => Call(offset + have, offset + count - 1), (head, body, _) => have += Take(head, body, offset + have, buffer, have, count), _cancel);
            if (reply.IsSuccess)
                continue;
            if (reply.Status != 401 || renewed)
                throw Refused(reply);
            renewed = true;
            _session.Renew(generation, Refused(reply), _cancel);
        }
    }

    private HttpCall Call(long first, long last) => new("GET", _address)
    {
        Headers = [.. _session.CookieHeaders(), new("Range", string.Format(CultureInfo.InvariantCulture, "bytes={0}-{1}", first, last)), new("Accept-Encoding", "identity")],
        // A locked file is answered with 500: waiting does not help.
        Is500AnAnswer = true,
    };

    private int Take(HttpReply head, Stream body, long first, byte[] buffer, int have, int count)
    {
        if (head.Status != 206 || Range(head).First != first)
            throw new OsMigrateException(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"{_session.Name} sent another part of '{Path}' than was asked for.", Path.ToString());
        var at = have;
        try
        {
            void Took(int n)
            {
                at += n;
                Interlocked.Add(ref _bytesRead, n);
            }

            ((ReplyStream)body).Fill(buffer, at, count - at, Took);
        }
        catch (Exception e) when (at > have && e is IOException or System.Net.Http.HttpRequestException && !_cancel.IsCancellationRequested)
        {
            // What came is good; the caller asks for the rest.
            return at - have;
        }

        return at > have ? at - have : throw new OsMigrateException(ErrorIds.NetInterrupted, ErrorKind.ResourceUnavailable, $"{_session.Name} sent nothing of '{Path}'.", Path.ToString());
    }

    private long Measure()
    {
        var reply = First();
        if (reply.Status is 404 or 500 && FolderAddress.HasTwoForms(_datacenter, Path))
        {
            _address = FolderAddress.Of(_session.Server.Sdk, _datacenter, Path, twice: true);
            reply = First();
        }

        if (reply.Status == 416)
            return 0;
        if (!reply.IsSuccess)
            throw Refused(reply);
        ModifiedAt = reply.Header("Last-Modified");
        return Range(reply).Total ?? throw new OsMigrateException(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{_session.Name} does not hand out parts of '{Path}'.", Path.ToString());
    }

    private HttpReply First()
    {
        for (var attempt = 0; ; attempt++)
        {
            var generation = _session.Generation;
            var reply = _session.Transport.ReceiveOn(() => Call(0, 0), static (_, body, _) => body.ReadByte(), _cancel);
            if (reply.Status != 401 || attempt > 0)
                return reply;
            _session.Renew(generation, Refused(reply), _cancel);
        }
    }

    private static (long First, long? Total) Range(HttpReply head)
    {
        var range = (head.Header("Content-Range") ?? "").Split(' ', '-', '/');
        return range.Length == 4 && long.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            ? (first, long.TryParse(range[3], NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : null)
            : (-1, null);
    }

    private OsMigrateException Refused(HttpReply reply) => reply.Status switch
    {
        404 => new OsMigrateException(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{_session.Name} has no file '{Path}'.", Path.ToString()),
        401 => new OsMigrateException(ErrorIds.VSphereUnauthorized, ErrorKind.PermissionDenied, $"{_session.Name} does not let this session read '{Path}'.", Path.ToString()) { Advice = "The user needs Datastore.Browse and Datastore.FileManagement on the datastore." },
        403 or 409 or 423 or 500 => new OsMigrateException(ErrorIds.VSphereFileLocked, ErrorKind.ResourceUnavailable, $"{_session.Name} does not hand out '{Path}' now (HTTP {reply.Status}).", Path.ToString())
        {
            Advice = "A running machine holds its newest disk files, and vSAN and vVols hand out none: use -Transport Lease, or -Mode Snapshot.",
        },
        _ => new OsMigrateException(ErrorIds.VSphereRefused, ErrorKind.ResourceUnavailable, $"{_session.Name} answered HTTP {reply.Status} for '{Path}'.", Path.ToString()),
    };
}
