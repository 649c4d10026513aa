using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;
using OsMigrate.Migrations.Sources;
using OsMigrate.VSphere.Sessions;
using Xunit.Abstractions;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>Machines whose guests write on while they are copied in rounds.</summary>
public sealed class WarmTests(ITestOutputHelper output) : IDisposable
{
    private const int Size = 24 << 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void The_copy_equals_the_source_at_the_cutover_although_the_guest_wrote_between_rounds(int page)
    {
        using var peer = VCenterPeer.Start(["-cbt-page", page.ToString(System.Globalization.CultureInfo.InvariantCulture)], $"name=a,disk={Disk(1)},disk={Disk(2)},power=on");
        using var session = Connect(peer);
        var log = new List<string>();
        var (copy, origin) = Copy(session, new MemoryNotes(log.Add), o => o with { VerifySource = true });
        using (var writer = new Writer(peer))
            copy.Acquire();
        for (var i = 0; i < 2; i++)
        {
            using var image = copy.Open(i);
            Assert.Equal(Sha256(peer.LiveFile("a", i)), Sha256(image));
        }

        Assert.Equal("poweredOff", peer.Power("a"));
        Assert.Empty(peer.Snapshots("a"));
        var rounds = log.Where(l => l.StartsWith("Round ", StringComparison.Ordinal)).ToList();
        Assert.True(rounds.Count >= 3, string.Join('\n', log));
        Assert.Contains("in use", rounds[0], StringComparison.Ordinal);
        Assert.All(rounds.Skip(1), r => Assert.Contains("changed", r, StringComparison.Ordinal));
        RequireOrder(peer.Calls);
        rounds.ForEach(output.WriteLine);
        output.WriteLine(string.Join('\n', peer.Calls.Where(static c => c.Contains("Snapshot_Task", StringComparison.Ordinal) || c.StartsWith("QueryChanged", StringComparison.Ordinal) || c.StartsWith("Shutdown", StringComparison.Ordinal))));
        SourceRelease.RemoveFiles(origin);
    }

    [SkippableFact]
    public void When_the_host_forgets_what_changed_all_is_read_again()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        var log = new List<string>();
        var resets = 0;
        var (copy, _) = Copy(session, new MemoryNotes(text =>
        {
            log.Add(text);
            if (text.StartsWith("Round 0", StringComparison.Ordinal) && resets++ == 0)
            {
                peer.Fault("kind=cbt");
                peer.Write("a", 1 << 20, new byte[300_000]);
            }
        }), o => o);
        copy.Acquire();
        using var image = copy.Open(0);
        Assert.Equal(Sha256(peer.LiveFile("a")), Sha256(image));
        Assert.True(log.Count(l => l.Contains("bytes in use", StringComparison.Ordinal)) >= 2, string.Join('\n', log));
    }

    [SkippableFact]
    public void A_round_that_is_cut_off_is_repeated_by_the_next_run()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        var notes = new MemoryNotes(text =>
        {
            if (text.StartsWith("Round 0", StringComparison.Ordinal))
            {
                peer.Write("a", 5 << 20, new byte[3 << 20]);
                peer.Fault("kind=status&path=-flat.vmdk&code=404");
            }
        });
        var (copy, origin) = Copy(session, notes, o => o);
        Assert.ThrowsAny<OsMigrateException>(copy.Acquire);
        peer.Fault("kind=clear");
        peer.Write("a", 100, [9, 9, 9]);
        peer.ForgetCalls();
        var again = new SourceCopy(session, origin, Machine(session, "a").Disks, notes, new Silent(), None);
        again.Acquire();
        using var image = again.Open(0);
        Assert.Equal(Sha256(peer.LiveFile("a")), Sha256(image));
        Assert.Empty(peer.Snapshots("a"));
    }

    [SkippableFact]
    public void A_manual_cutover_waits_until_it_is_asked_for()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        var file = _folder.File("cutover");
        var (copy, _) = Copy(session, new MemoryNotes(_ => { }), o => o with { Cutover = new CutoverTime(true, null), CutoverFile = file, SyncInterval = TimeSpan.FromMilliseconds(200) });
        var work = Task.Run(copy.Acquire);
        Thread.Sleep(4000);
        Assert.False(work.IsCompleted);
        Assert.Equal("poweredOn", peer.Power("a"));
        peer.Write("a", 12345, [1, 2, 3]);
        File.WriteAllText(file, "");
        work.Wait();
        Assert.Equal("poweredOff", peer.Power("a"));
        using var image = copy.Open(0);
        Assert.Equal(Sha256(peer.LiveFile("a")), Sha256(image));
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Warm)]
    [InlineData(MigrationMode.Snapshot)]
    public void A_replica_whose_guest_pretends_to_be_another_format_stays_raw(MigrationMode mode)
    {
        var disk = Disk(1);
        using (var file = new FileStream(disk, FileMode.Open, FileAccess.Write))
            file.Write("QFI\xfb"u8.ToArray().Take(3).Append((byte)0xfb).Concat(new byte[] { 0, 0, 0, 3 }).ToArray());
        using var peer = VCenterPeer.Start($"name=a,disk={disk},power=on");
        using var session = Connect(peer);
        var (copy, _) = Copy(session, new MemoryNotes(_ => { }), o => o with { Mode = mode });
        copy.Acquire();
        using var image = copy.Open(0);
        Assert.Equal(RawFormat.Instance, image.Format);
        Assert.Equal(Sha256(disk), Sha256(image));
    }

    /// <summary>Our snapshots come one after another: made, read, removed; never two at once, and none at the end.</summary>
    private static void RequireOrder(IReadOnlyList<string> calls)
    {
        var open = 0;
        foreach (var call in calls)
        {
            if (call.StartsWith("CreateSnapshot_Task", StringComparison.Ordinal))
                Assert.Equal(1, ++open);
            else if (call.StartsWith("RemoveSnapshot_Task", StringComparison.Ordinal))
                Assert.Equal(0, --open);
            else if (call.StartsWith("QueryChangedDiskAreas", StringComparison.Ordinal))
                Assert.Equal(1, open);
        }

        Assert.Equal(0, open);
    }

    private (SourceCopy Copy, VSphereOrigin Origin) Copy(VSphereSession session, MemoryNotes notes, Func<VSphereOrigin, VSphereOrigin> with)
    {
        var machine = Machine(session, "a");
        var origin = with(Origin(machine, _folder.File("work"), MigrationMode.Warm, DiskTransport.Range));
        return (new SourceCopy(session, origin, machine.Disks, notes, new Silent(), None), origin);
    }

    private string Disk(int seed) => VCenterPeer.MakeDisk(_folder.File($"d{seed}.raw"), Size, seed);

    /// <summary>A guest that writes here and there as long as its machine is on.</summary>
    private sealed class Writer : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;

        public Writer(VCenterPeer peer) => _work = Task.Run(() =>
        {
            var random = new Random(7);
            while (!_stop.IsCancellationRequested)
            {
                // A write that meets the making of a snapshot would go to either file; a real host holds the guest still meanwhile.
                var before = peer.LiveFile("a");
                if (peer.Power("a") == "poweredOn" && peer.Snapshots("a").Count == 1)
                {
                    var bytes = new byte[random.Next(1, 100_000)];
                    random.NextBytes(bytes);
                    try
                    {
                        peer.Write("a", random.Next(Size - bytes.Length), bytes, random.Next(2));
                    }
                    catch (FileNotFoundException)
                    {
                        _ = before;
                    }
                }

                Thread.Sleep(30);
            }
        });

        public void Dispose()
        {
            _stop.Cancel();
            _work.Wait();
            _stop.Dispose();
        }
    }
}
