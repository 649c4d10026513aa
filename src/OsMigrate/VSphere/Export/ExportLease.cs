using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Export;

/// <summary>A lease on a machine's disks: while it lasts, the host hands them out as streamOptimized VMDKs. Given back when disposed.</summary>
/// <remarks>vSphere Web Services API, HttpNfcLease. The machine, or its snapshot, is locked meanwhile.</remarks>
internal sealed class ExportLease : IDisposable
{
    private const int PieceSize = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly VSphereSession _session;
    private readonly MoRef _lease;
    private readonly List<HttpTransport> _transports = [];
    private readonly object _gate = new();
    private Timer? _timer;
    private OsMigrateException? _lost;
    private int _percent;
    private bool _ended;

    private ExportLease(VSphereSession session, MoRef lease) => (_session, _lease) = (session, lease);

    /// <summary>The disks, in the host's order.</summary>
    public IReadOnlyList<LeaseFile> Disks { get; private set; } = [];

    /// <summary>What the host sums up its streams with.</summary>
    public LeaseSum Sum { get; private set; } = LeaseSum.Sha1;

    /// <summary>Asks for the disks of a machine that is off, or of a snapshot.</summary>
    /// <exception cref="OsMigrateException">It was refused, or did not become ready.</exception>
    public static ExportLease Open(VSphereSession session, MoRef machineOrSnapshot, CancellationToken cancel)
    {
        var method = machineOrSnapshot.Type == "VirtualMachineSnapshot" ? "ExportSnapshot" : "ExportVm";
        var lease = new ExportLease(session, session.Start(method, machineOrSnapshot, cancel));
        try
        {
            lease.Await(cancel);
            lease.AskForSha256(cancel);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>How far the copying is, for the host's own display.</summary>
    public void Report(double fraction) => Volatile.Write(ref _percent, (int)Math.Max(0, Math.Min(99, fraction * 100)));

    /// <summary>Fetches a disk's file, again from its start when the connection breaks: a host cannot go on in the middle.</summary>
    /// <param name="begin">Called before each attempt: what came so far is void.</param>
    /// <param name="take">Gets each piece.</param>
    /// <exception cref="OsMigrateException">It does not come, or the lease was lost.</exception>
    public void Fetch(LeaseFile file, Action begin, Action<byte[], int> take, CancellationToken cancel)
    {
        var isOurs = file.Address.Host == _session.Server.Sdk.Host && file.Address.Port == _session.Server.Sdk.Port;
        var call = new HttpCall("GET", file.Address) { Name = $"'{file.TargetId}' of the lease", Headers = isOurs ? [.. _session.CookieHeaders(), new("Accept-Encoding", "identity")] : [new("Accept-Encoding", "identity")] };
        var reply = TransportOf(file, isOurs).ReceiveOn(() => call, (_, body, _) => Copy(body, begin, take), cancel);
        ThrowIfLost();
        if (!reply.IsSuccess)
            throw new OsMigrateException(ErrorIds.VSphereFailed, ErrorKind.ResourceUnavailable, $"{_session.Name} answered HTTP {reply.Status} for the disk '{file.TargetId}' of the lease.", file.TargetId);
    }

    /// <summary>Sums of what was sent, where the host gives them.</summary>
    public IReadOnlyList<LeaseManifestEntry> Manifest(CancellationToken cancel)
        => [.. _session.Call("HttpNfcLeaseGetManifest", _lease, cancel, false).List("returnval").Select(static e => new LeaseManifestEntry(
            e.Text("key") ?? "", Lower(e.Text("sha1")), Lower(e.Text("checksum")), e.Text("checksumType"), e.Long("size")))];

    /// <summary>All was fetched: gives the lease back as done.</summary>
    public void Complete(CancellationToken cancel)
    {
        StopTimer();
        _session.Call("HttpNfcLeaseProgress", _lease, cancel, true, VimXml.Arg("percent", 100));
        _session.Call("HttpNfcLeaseComplete", _lease, cancel, true);
        _ended = true;
    }

    /// <summary>Gives back what was not completed.</summary>
    public void Dispose()
    {
        StopTimer();
        foreach (var transport in _transports)
            transport.Dispose();
        if (_ended)
            return;
        _ended = true;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            _session.Call("HttpNfcLeaseAbort", _lease, limit.Token, true);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // It ends by itself when nobody reports progress.
            _session.Note($"HttpNfcLeaseAbort: {e.Message}");
        }
    }

    private static string? Lower(string? text) => string.IsNullOrEmpty(text) ? null : text!.ToLowerInvariant();

    private void Await(CancellationToken cancel)
    {
        var properties = new PropertyQuery(_session);
        var end = DateTime.UtcNow + Patience;
        for (var pause = 50; ; pause = Math.Min(2000, pause * 2))
        {
            var lease = properties.Of(_lease, ["state", "info", "error"], cancel);
            switch (lease.Text("state"))
            {
                case "ready":
                    TakeInfo(lease.Data("info"));
                    return;
                case "error" or "done":
                    throw VimFaults.FromMethod(lease.Data("error"), _session.Name, "to hand out the disks");
                default:
                    if (DateTime.UtcNow > end)
                        throw new OsMigrateException(ErrorIds.VSphereTimeout, ErrorKind.ResourceUnavailable, $"{_session.Name} did not hand out the disks within {Patience.TotalMinutes:f0} minutes.");
                    cancel.WaitHandle.WaitOne(pause);
                    cancel.ThrowIfCancellationRequested();
                    break;
            }
        }
    }

    private void TakeInfo(VimData? info)
    {
        Disks = [.. info?.List("deviceUrl").Where(static d => d.Bool("disk") == true && d.Text("targetId") is { Length: > 0 }).Select(File) ?? []];
        var limit = TimeSpan.FromSeconds(Math.Max(2, Math.Min(3600, info?.Int("leaseTimeout") ?? 300)));
        var period = TimeSpan.FromSeconds(Math.Min(30, limit.TotalSeconds / 4));
        // Any report keeps the lease, whatever it says; a host that hears nothing ends it in the middle of a large disk.
        _timer = new Timer(_ => Renew(), null, period, period);
    }

    private LeaseFile File(VimData device)
    {
        var text = device.Text("url") ?? "";
        // A host that is asked directly does not know by which name it was reached.
        var star = text.IndexOf("://*", StringComparison.Ordinal);
        if (star >= 0)
            text = text.Substring(0, star + 3) + (_session.Server.Sdk.HostNameType == UriHostNameType.IPv6 ? $"[{_session.Server.Sdk.DnsSafeHost}]" : _session.Server.Sdk.Host) + text.Substring(star + 4);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0)
            throw VimXml.Bad(_session.Name, "the lease names no https address for a disk", null);
        return new LeaseFile(device.Text("key") ?? "", address, device.Text("targetId")!, device.Long("fileSize"), device.Text("sslThumbprint") is { Length: > 0 } print ? print : null);
    }

    /// <summary>Another host than the server shows its own certificate; the server, which is trusted, has named it.</summary>
    private HttpTransport TransportOf(LeaseFile file, bool isOurs)
    {
        if (isOurs || file.Thumbprint is null)
            return _session.Transport;
        lock (_gate)
        {
            var made = new HttpTransport(new TlsSettings { Thumbprint = file.Thumbprint }, null, _session.Note);
            _transports.Add(made);
            return made;
        }
    }

    private void Copy(Stream body, Action begin, Action<byte[], int> take)
    {
        begin();
        ((ReplyStream)body).ReadAhead(PieceSize, (buffer, count) =>
        {
            ThrowIfLost();
            take(buffer, count);
        });
    }

    /// <summary>Asks for SHA-256; hosts before vSphere 6.7 know nothing but SHA-1.</summary>
    private void AskForSha256(CancellationToken cancel)
    {
        try
        {
            _session.Call("HttpNfcLeaseSetManifestChecksumType", _lease, cancel, true, [.. Disks.Select(static d => VimXml.Node("deviceUrlsToChecksumTypes", null, VimXml.Arg("key", d.Key), VimXml.Arg("value", LeaseSum.Sha256.Name)))]);
            Sum = LeaseSum.Sha256;
        }
        catch (VimException e) when (e.FaultType is not "NotAuthenticated")
        {
            _session.Note($"HttpNfcLeaseSetManifestChecksumType: {e.Message}");
        }
    }

    private void Renew()
    {
        try
        {
            if (!_ended)
                _session.Call("HttpNfcLeaseProgress", _lease, CancellationToken.None, true, VimXml.Arg("percent", Volatile.Read(ref _percent)));
        }
        catch (VimException e)
        {
            _lost = new OsMigrateException(ErrorIds.VSphereFailed, ErrorKind.ResourceUnavailable, $"The lease on the disks was lost: {e.Message}", _session.Name, e);
        }
        catch (Exception e) when (e is OsMigrateException or ObjectDisposedException)
        {
            // The next report may come through.
            _session.Note($"HttpNfcLeaseProgress: {e.Message}");
        }
    }

    private void ThrowIfLost()
    {
        if (_lost is not null && !_ended)
            throw _lost;
    }

    private void StopTimer()
    {
        using var done = new ManualResetEvent(false);
        if (_timer is { } timer && timer.Dispose(done))
            done.WaitOne(TimeSpan.FromSeconds(30));
        _timer = null;
    }
}
