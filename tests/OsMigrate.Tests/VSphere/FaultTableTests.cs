using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Sources;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Sessions;
using Xunit.Abstractions;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>What goes wrong while a machine is copied, at many points: either the copy is whole all the same, or it ends with one error; and each time nothing of ours is left and the machine is as it was.</summary>
/// <remarks>With OSMIGRATE_TEST_LONG=1 at as many points as are promised; else at some of them.</remarks>
public sealed class FaultTableTests(ITestOutputHelper output) : IDisposable
{
    private const int Size = 6 << 20;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Say(string line) => output.WriteLine(line);

    [SkippableTheory]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Range)]
    [InlineData(MigrationMode.Cold, DiskTransport.Lease)]
    [InlineData(MigrationMode.Warm, DiskTransport.Range)]
    public void A_stream_that_is_cut_goes_on_or_begins_again(MigrationMode mode, DiskTransport transport)
    {
        using var table = new Table(this, mode, transport, "stream cut");
        var random = new Random(5);
        var path = transport == DiskTransport.Lease ? "/nfc/" : "-flat.vmdk";
        for (var i = 0; i < (IsLong ? 50 : 3); i++)
            table.Try($"kind=cut&path={path}&after={random.Next(1, 1 << 20)}&times=1&skip={(transport == DiskTransport.Lease ? 0 : random.Next(3))}", mustSucceed: true);
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Snapshot)]
    [InlineData(MigrationMode.Cold)]
    public void A_stream_that_is_damaged_on_the_way_comes_again(MigrationMode mode)
    {
        using var table = new Table(this, mode, DiskTransport.Lease, "stream damaged");
        var random = new Random(6);
        for (var i = 0; i < (IsLong ? 25 : 3); i++)
            table.Try($"kind=corrupt&path=/nfc/&after={random.Next(1, 1 << 20)}&times=1", mustSucceed: true);
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Cold, DiskTransport.Range)]
    [InlineData(MigrationMode.Warm, DiskTransport.Range)]
    public void A_session_that_ends_at_any_request_is_renewed(MigrationMode mode, DiskTransport transport)
    {
        using var table = new Table(this, mode, transport, "session ended");
        for (var i = 0; i < (IsLong ? 20 : 3); i++)
            table.Try($"kind=sessions&after={1 + (i * (IsLong ? 2 : 11))}", mustSucceed: true);
    }

    [SkippableTheory]
    [InlineData("lease timed out", "kind=leases", true)]
    [InlineData("ticket of the lease expired", "kind=status&path=/nfc/&code=403&times=1", true)]
    [InlineData("lease refused", "kind=fault&method=ExportSnapshot&name=NoPermission", false)]
    [InlineData("lease's answer lost", "kind=lost&method=ExportSnapshot&times=1", false)]
    [InlineData("snapshot's answer lost", "kind=lost&method=CreateSnapshot_Task&times=1", false)]
    [InlineData("server busy (503)", "kind=status&path=/nfc/&code=503&retryAfter=1&times=1", true)]
    [InlineData("server busy (503) to calls", "kind=status&method=ExportSnapshot&code=503&retryAfter=1&times=1", true)]
    [InlineData("tasks that take their time", "kind=tasks&ms=700", true)]
    [InlineData("manifest refused", "kind=fault&method=HttpNfcLeaseGetManifest&name=NotSupported", true)]
    public void Leases_end_well_or_clean(string what, string fault, bool mustSucceed)
    {
        // A lease whose making was not heard of is not ours to end; the host does, when nobody reports.
        var isLost = fault.StartsWith("kind=lost", StringComparison.Ordinal);
        using var table = new Table(this, MigrationMode.Snapshot, DiskTransport.Lease, what, options: isLost ? ["-lease-timeout", "3"] : []);
        table.Try(fault, mustSucceed, duringStream: fault == "kind=leases");
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Cold, DiskTransport.Range)]
    [InlineData(MigrationMode.Warm, DiskTransport.Range)]
    public void A_host_that_goes_and_comes_back_leaves_nothing_behind(MigrationMode mode, DiskTransport transport)
    {
        using var table = new Table(this, mode, transport, "host gone");
        table.Try("kind=host", mustSucceed: null, duringStream: true, returnsAfter: TimeSpan.FromSeconds(2));
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Cold, DiskTransport.Range)]
    [InlineData(MigrationMode.Warm, DiskTransport.Range)]
    public void A_host_that_stays_away_is_one_error_and_an_undo_later_leaves_nothing(MigrationMode mode, DiskTransport transport)
    {
        using var table = new Table(this, mode, transport, "host gone for good");
        var error = table.Try("kind=host", mustSucceed: false, duringStream: true, whileItLasts: undo =>
        {
            // What cannot be taken back now is said, and stays noted.
            Assert.Contains("'a'", Assert.ThrowsAny<OsMigrateException>(undo).Message + string.Join('\n', table.Log));
        });
        Say(error!.Message);
        // The ticket of a lease is part of its address.
        Assert.DoesNotContain("/nfc/", error + string.Join('\n', table.Log));
    }

    [SkippableFact]
    public void Change_tracking_that_starts_anew_means_a_full_copy()
    {
        using var table = new Table(this, MigrationMode.Warm, DiskTransport.Range, "change tracking reset");
        table.Try("kind=cbt", mustSucceed: true, whenLogged: "Round 0");
        Assert.True(table.Log.Count(static l => l.Contains("bytes in use", StringComparison.Ordinal)) >= 2, string.Join('\n', table.Log));
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Range)]
    [InlineData(MigrationMode.Cold, DiskTransport.Lease)]
    [InlineData(MigrationMode.Warm, DiskTransport.Range)]
    public void A_disk_of_ours_that_is_full_is_named_as_such(MigrationMode mode, DiskTransport transport)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName is "root", "needs root on Linux to mount a small file system");
        Tool.Require("mount");
        var small = _folder.File("small");
        Directory.CreateDirectory(small);
        var (code, said) = Tool.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small);
        Skip.If(code != 0, "a tmpfs cannot be mounted here: " + said);
        try
        {
            using var table = new Table(this, mode, transport, "our disk full", Path.Combine(small, "work"));
            Assert.Equal(ErrorIds.DiskFull, table.Try("kind=clear", mustSucceed: false)?.ErrorId);
        }
        finally
        {
            Tool.Check("umount", small);
        }
    }

    [SkippableFact]
    public void What_was_read_of_a_snapshot_is_not_read_again()
    {
        var disk = _folder.File("large.raw");
        using (var file = File.Create(disk))
        {
            file.SetLength(700L << 20);
            for (var at = 0L; at < file.Length; at += 32 << 20)
            {
                file.Position = at;
                file.Write(BitConverter.GetBytes(at + 1));
            }
        }

        using var peer = VCenterPeer.Start($"name=a,disk={disk},power=on");
        using var session = Connect(peer);
        var machine = Machine(session, "a");
        var log = new List<string>();
        var notes = new MemoryNotes(log.Add);
        var origin = Origin(machine, _folder.File("work"), MigrationMode.Snapshot, DiskTransport.Range);
        peer.Fault("kind=status&path=-flat.vmdk&code=404&skip=300");
        Assert.ThrowsAny<OsMigrateException>(() => new SourceCopy(session, origin, machine.Disks, notes, new Silent(), None).Acquire());
        peer.Fault("kind=clear");
        var before = peer.BytesRead;
        var again = new SourceCopy(session, origin, Machine(session, "a").Disks, notes, new Silent(), None);
        again.Acquire();
        Assert.Contains(log, static l => l.Contains("on.", StringComparison.Ordinal) && l.Contains("from byte", StringComparison.Ordinal));
        Assert.True(peer.BytesRead - before < 500L << 20, $"{peer.BytesRead - before} bytes were read again");
        using var image = again.Open(0);
        using var source = OsMigrate.Disks.DiskFormats.OpenFile(disk);
        Assert.Equal(Sha256(source), Sha256(image));
        Say(string.Join('\n', log));
    }

    /// <summary>One machine on a peer of its own, which is copied again and again with a fault each time.</summary>
    private sealed class Table : IDisposable
    {
        private readonly FaultTableTests _test;
        private readonly MigrationMode _mode;
        private readonly DiskTransport _transport;
        private readonly string _what;
        private readonly string? _work;
        private readonly VCenterPeer _peer;
        private readonly VSphereSession _session;
        private int _tries;
        private int _whole;
        private TimeSpan _time;

        public Table(FaultTableTests test, MigrationMode mode, DiskTransport transport, string what, string? work = null, string[]? options = null)
        {
            (_test, _mode, _transport, _what, _work) = (test, mode, transport, what, work);
            _peer = VCenterPeer.Start(options ?? [], $"name=a,disk={VCenterPeer.MakeDisk(test._folder.File("d.raw"), Size, 1)},power=on");
            _session = Connect(_peer);
        }

        public List<string> Log { get; } = [];

        /// <param name="mustSucceed">Null when both ends are good.</param>
        /// <param name="duringStream">The fault comes while a slow stream is under way.</param>
        /// <param name="returnsAfter">It is gone again after this time.</param>
        /// <param name="whenLogged">The fault comes when a line that begins so is logged.</param>
        /// <param name="whileItLasts">Called with the undo after the copy, before the fault is cleared.</param>
        public OsMigrateException? Try(string fault, bool? mustSucceed, bool duringStream = false, TimeSpan? returnsAfter = null, string? whenLogged = null, Action<Action>? whileItLasts = null)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var machine = Machine(_session, "a");
            var origin = Origin(machine, _work ?? _test._folder.File("work-" + _tries), _mode, _transport);
            var notes = new MemoryNotes(text =>
            {
                Log.Add(text);
                if (whenLogged is not null && text.StartsWith(whenLogged, StringComparison.Ordinal))
                    _peer.Fault(fault);
            });
            var later = duringStream ? Later(fault, returnsAfter) : null;
            if (!duringStream && whenLogged is null)
                _peer.Fault(fault);
            var copy = new SourceCopy(_session, origin, machine.Disks, notes, new Silent(), None);
            var error = Outcome(copy);
            later?.Wait();
            whileItLasts?.Invoke(() => new SourceRelease(_session, origin, notes, None).Undo());
            _peer.Fault("kind=clear");
            Judge(error, mustSucceed, origin, notes);
            _time += clock.Elapsed;
            return error;
        }

        public void Dispose()
        {
            if (_tries > 0)
                _test.Say(string.Create(CultureInfo.InvariantCulture, $"| {_what} | {_mode}, {_transport} | {_tries} | {_whole} | {_tries - _whole} | none left | as before | {_time.TotalSeconds / _tries:f1} s |"));
            _session.Dispose();
            _peer.Dispose();
        }

        private OsMigrateException? Outcome(SourceCopy copy)
        {
            try
            {
                copy.Acquire();
                using var image = copy.Open(0);
                Assert.Equal(Sha256(_peer.LiveFile("a")), Sha256(image));
                _whole++;
                return null;
            }
            catch (OsMigrateException e)
            {
                Log.Add($"ended: {e.ErrorId}: {e.Message}");
                return e;
            }
            finally
            {
                _tries++;
            }
        }

        private void Judge(OsMigrateException? error, bool? mustSucceed, VSphereOrigin origin, MemoryNotes notes)
        {
            Assert.True(mustSucceed is null || mustSucceed == error is null, $"{_what}: {error?.ToString() ?? "it succeeded"}\n{string.Join('\n', Log)}");
            // What a failed job does by itself, and Undo-MigrationJob for one that succeeded.
            new SourceRelease(_session, origin, notes, None).Undo();
            Assert.Equal("poweredOn", _peer.Power("a"));
            Assert.Empty(_peer.Snapshots("a"));
            for (var i = 0; i < 100 && _what.Contains("lost", StringComparison.Ordinal) && _peer.OpenLeases > 0; i++)
                Thread.Sleep(100);
            Assert.Equal(0, _peer.OpenLeases);
            Assert.False(Directory.Exists(origin.WorkFolder) && Directory.EnumerateFiles(origin.WorkFolder).Any());
        }

        /// <summary>Slows the streams down and lets the fault come in the middle of one. Of ranges all are slowed: the first are those that look for free space.</summary>
        private Task Later(string fault, TimeSpan? returnsAfter)
        {
            _peer.Fault($"kind=slow&path={(_transport == DiskTransport.Lease ? "/nfc/" : "-flat.vmdk")}&rate=2000000&times={(_transport == DiskTransport.Lease ? 1 : 100)}");
            var before = _peer.BytesRead;
            return Task.Run(() =>
            {
                for (var i = 0; i < 600 && _peer.BytesRead < before + 300_000; i++)
                    Thread.Sleep(20);
                _peer.Fault(fault);
                if (returnsAfter is not { } pause)
                    return;
                Thread.Sleep(pause);
                _peer.Fault("kind=clear");
            });
        }
    }
}
