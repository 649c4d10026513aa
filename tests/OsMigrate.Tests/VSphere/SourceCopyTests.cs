using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.Migrations.Sources;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>Machines are brought to rest, copied, and given back, whatever happens in between.</summary>
public sealed class SourceCopyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(MigrationMode.Cold, DiskTransport.Lease)]
    [InlineData(MigrationMode.Cold, DiskTransport.Range)]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Range)]
    public void All_disks_arrive_as_they_are(MigrationMode mode, DiskTransport transport)
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},disk={Disk(2)},power=on");
        using var session = Connect(peer);
        var (copy, origin) = Copy(session, mode, transport);
        copy.Acquire();
        for (var i = 0; i < 2; i++)
        {
            using var image = copy.Open(i);
            Assert.Equal(Sha256(Disk(i + 1)), Sha256(image));
        }

        Assert.Equal(mode == MigrationMode.Cold ? "poweredOff" : "poweredOn", peer.Power("a"));
        Assert.Empty(peer.Snapshots("a"));
        Assert.Equal(0, peer.OpenLeases);
        SourceRelease.RemoveFiles(origin);
        Assert.False(Directory.Exists(origin.WorkFolder));
    }

    [SkippableFact]
    public void A_snapshot_holds_still_while_the_guest_writes_on()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        peer.Fault("kind=slow&path=/nfc/&rate=2000000&times=1");
        var (copy, _) = Copy(session, MigrationMode.Snapshot, DiskTransport.Lease);
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                if (peer.Snapshots("a").Count > 0)
                    peer.Write("a", i * 65536, new byte[4096].Select(_ => (byte)i).ToArray());
                Thread.Sleep(20);
            }
        });
        copy.Acquire();
        writing.Wait();
        using var image = copy.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
    }

    [SkippableFact]
    public void A_stream_of_a_lease_that_is_cut_at_many_places_comes_through()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        var random = new Random(11);
        // Each cut costs a second of waiting; fifty were cut by hand.
        var cuts = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1" ? 50 : 6;
        for (var i = 0; i < cuts; i++)
        {
            peer.Fault($"kind=cut&path=/nfc/&after={random.Next(1, 400_000)}&times=1");
            var (copy, origin) = Copy(session, MigrationMode.Cold, DiskTransport.Lease);
            copy.Acquire();
            using (var image = copy.Open(0))
                Assert.Equal(Sha256(Disk(1)), Sha256(image));
            SourceRelease.RemoveFiles(origin);
        }

        Assert.Equal(0, peer.OpenLeases);
    }

    [SkippableFact]
    public void A_lease_that_is_lost_is_asked_for_again()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        peer.Fault("kind=slow&path=/nfc/&rate=1000000&times=1");
        var (copy, _) = Copy(session, MigrationMode.Cold, DiskTransport.Lease);
        var ending = Task.Run(() =>
        {
            while (peer.OpenLeases == 0)
                Thread.Sleep(20);
            Thread.Sleep(300);
            peer.Fault("kind=leases");
        });
        copy.Acquire();
        ending.Wait();
        using var image = copy.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
        Assert.Equal(0, peer.OpenLeases);
    }

    [SkippableTheory]
    [InlineData("sha256", "sha256", true)]
    [InlineData("sha1", "sha1", true)]
    [InlineData("ignored", "sha256", false)]
    public void A_stream_becomes_a_qcow2_and_agrees_with_the_hosts_own_sum(string host, string kind, bool isVerified)
    {
        using var peer = VCenterPeer.Start(["-nfc-sums", host], $"name=a,disk={Disk(1)},disk={Disk(2)}");
        using var session = Connect(peer);
        var told = new List<string>();
        var (copy, origin) = Copy(session, MigrationMode.Cold, DiskTransport.Lease, new MemoryNotes(told.Add));
        copy.Acquire();
        Assert.Equal(2, told.Count(t => t.Contains($" bytes, {kind} ", StringComparison.Ordinal) && t.Contains(isVerified ? ", as the host says; stored as qcow2" : "gave no such sum", StringComparison.Ordinal)));
        Assert.Equal(["disk0.img", "disk1.img"], Directory.GetFiles(origin.WorkFolder).Select(Path.GetFileName).Order());
        for (var i = 0; i < 2; i++)
        {
            using var image = copy.Open(i);
            Assert.Equal("qcow2", image.Format.Name);
            Assert.Equal(Sha256(Disk(i + 1)), Sha256(image));
            Assert.NotNull(copy.FileOf(i)!.Value.Disk.ContentDigest);
        }
    }

    [SkippableTheory]
    [InlineData(300)] // text of the header's sector that nobody reads
    [InlineData(70_000)] // in the first grains
    [InlineData(300_000)]
    public void A_byte_that_changed_on_the_way_is_noticed_and_the_disk_comes_again(int at)
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        var told = new List<string>();
        peer.Fault($"kind=corrupt&path=/nfc/&after={at}&times=1");
        var (copy, _) = Copy(session, MigrationMode.Cold, DiskTransport.Lease, new MemoryNotes(told.Add));
        copy.Acquire();
        using (var image = copy.Open(0))
            Assert.Equal(Sha256(Disk(1)), Sha256(image));
        Assert.Contains(told, t => t.Contains("once more", StringComparison.Ordinal));
        Assert.Equal(2, peer.Calls.Count(c => c.StartsWith("GET /nfc/", StringComparison.Ordinal)));
        Assert.Equal(0, peer.OpenLeases);
    }

    [SkippableFact]
    public void A_stream_that_is_always_damaged_is_an_error_and_leaves_nothing()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        peer.Fault("kind=corrupt&path=/nfc/&after=70000");
        var (copy, origin) = Copy(session, MigrationMode.Cold, DiskTransport.Lease);
        Assert.Equal(ErrorIds.VSphereChecksum, Assert.Throws<OsMigrateException>(copy.Acquire).ErrorId);
        Assert.Empty(Directory.GetFiles(origin.WorkFolder));
        Assert.Equal(0, peer.OpenLeases);
    }

    [SkippableFact]
    public void Progress_goes_by_the_place_on_the_disk_and_ends_whole()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        peer.Fault("kind=slow&path=/nfc/&rate=2000000&times=1");
        var machine = Machine(session, "a");
        var origin = Origin(machine, _folder.File("work"), MigrationMode.Cold, DiskTransport.Lease);
        var seen = new Recorder();
        new SourceCopy(session, origin, machine.Disks, new MemoryNotes(_ => { }), seen, None).Acquire();
        Assert.True(seen.All.Count > 3);
        Assert.All(seen.All, p => Assert.Equal(16 << 20, p.BytesTotal));
        Assert.Equal(seen.All.Select(p => p.BytesDone).Order(), seen.All.Select(p => p.BytesDone));
        Assert.InRange(seen.All[^1].BytesDone, 15 << 20, 16 << 20);
        Assert.Contains(seen.All, p => p.TimeLeft > TimeSpan.Zero);
    }

    [SkippableFact]
    public void A_lease_lives_as_long_as_a_slow_stream_takes()
    {
        using var peer = VCenterPeer.Start(["-lease-timeout", "2"], $"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        peer.Fault("kind=slow&path=/nfc/&rate=600000&times=1");
        var (copy, _) = Copy(session, MigrationMode.Cold, DiskTransport.Lease);
        copy.Acquire();
        using var image = copy.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
        Assert.Equal(1, peer.Calls.Count(c => c.StartsWith("ExportVm", StringComparison.Ordinal)));
        Assert.True(peer.Calls.Count(c => c.StartsWith("HttpNfcLeaseProgress", StringComparison.Ordinal)) > 3);
    }

    [SkippableFact]
    public void A_session_that_ends_while_a_disk_comes_is_renewed()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        peer.Fault("kind=slow&path=/nfc/&rate=2000000&times=1");
        var (copy, _) = Copy(session, MigrationMode.Snapshot, DiskTransport.Lease);
        var ending = Task.Run(() =>
        {
            while (peer.OpenLeases == 0)
                Thread.Sleep(20);
            peer.Fault("kind=sessions");
        });
        copy.Acquire();
        ending.Wait();
        using var image = copy.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
        Assert.Empty(peer.Snapshots("a"));
    }

    [SkippableTheory]
    [InlineData("kind=hangup&path=/nfc/")]
    [InlineData("kind=status&path=/nfc/&code=404")]
    [InlineData("kind=fault&method=ExportSnapshot&name=NoPermission")]
    [InlineData("kind=fault&method=CreateSnapshot_Task&name=TaskInProgress")]
    [InlineData("kind=lost&method=CreateSnapshot_Task&times=1")]
    public void What_fails_for_good_is_taken_back(string fault)
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        peer.Fault(fault);
        var notes = new MemoryNotes(_ => { });
        var (copy, origin) = Copy(session, MigrationMode.Snapshot, DiskTransport.Lease, notes);
        Assert.ThrowsAny<OsMigrateException>(copy.Acquire);
        peer.Fault("kind=clear");
        new SourceRelease(session, origin, notes, None).Undo();
        Assert.Empty(peer.Snapshots("a"));
        Assert.Equal(0, peer.OpenLeases);
        Assert.Equal("poweredOn", peer.Power("a"));
        Assert.False(Directory.Exists(origin.WorkFolder) && Directory.EnumerateFiles(origin.WorkFolder).Any());
    }

    [SkippableFact]
    public void Snapshots_of_others_are_never_touched()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        var theirs = new OsMigrate.VSphere.Machines.MachineSnapshots(session, None).Create(Machine(session, "a").Reference, "before update", "", false);
        peer.Write("a", 0, [1, 2, 3, 4]);
        var expected = Sha256(peer.LiveFile("a"));
        var (copy, _) = Copy(session, MigrationMode.Snapshot, DiskTransport.Range);
        copy.Acquire();
        using var image = copy.Open(0);
        Assert.Equal(expected, Sha256(image));
        Assert.Equal([theirs.Name], peer.Snapshots("a"));
    }

    [SkippableFact]
    public void A_guest_that_does_not_shut_down_is_switched_off_only_with_force()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on,stubborn=on", $"name=b,disk={Disk(1)},power=on,tools=off");
        using var session = Connect(peer);
        foreach (var name in new[] { "a", "b" })
        {
            var notes = new MemoryNotes(_ => { });
            var machine = Machine(session, name);
            var origin = Origin(machine, _folder.File("w-" + name)) with { ShutdownLimit = TimeSpan.FromSeconds(1) };
            var fault = Assert.Throws<OsMigrateException>(() => new SourceCopy(session, origin, machine.Disks, notes, new Silent(), None).Acquire());
            Assert.Equal(ErrorIds.VSphereState, fault.ErrorId);
            Assert.Equal("poweredOn", peer.Power(name));
            new SourceCopy(session, origin with { Force = true }, machine.Disks, notes, new Silent(), None).Acquire();
            Assert.Equal("poweredOff", peer.Power(name));
            new SourceRelease(session, origin, notes, None).Undo();
            Assert.Equal("poweredOn", peer.Power(name));
        }
    }

    [SkippableFact]
    public void The_work_folder_is_used_again_after_a_crash()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        var notes = new MemoryNotes(_ => { });
        var (first, origin) = Copy(session, MigrationMode.Cold, DiskTransport.Lease, notes);
        first.Acquire();
        peer.ForgetCalls();
        var again = new SourceCopy(session, origin, Machine(session, "a").Disks, notes, new Silent(), None);
        again.Acquire();
        using var image = again.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("ExportVm", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Free_space_is_left_out_by_ranges_unless_asked_for(bool copyFreeSpace)
    {
        var disk = OsMigrate.Tests.Guests.FreeSpaceMapTests.Disk(_folder, "label: gpt\nstart=2048, size=102400\nstart=104448, size=102400\n");
        using var peer = VCenterPeer.Start($"name=a,disk={disk}");
        using var session = Connect(peer);
        var machine = Machine(session, "a");
        var told = new List<string>();
        var origin = Origin(machine, _folder.File("work"), MigrationMode.Cold, DiskTransport.Range) with { CopyFreeSpace = copyFreeSpace };
        var before = peer.BytesRead;
        var copy = new SourceCopy(session, origin, machine.Disks, new MemoryNotes(told.Add), new Silent(), None);
        copy.Acquire();
        var read = peer.BytesRead - before;
        using var image = copy.Open(0);
        using var source = OsMigrate.Disks.DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        Assert.Equal(Trees(source), Trees(image));
        Assert.Equal(copyFreeSpace, Sha256(image) == Sha256(source));
        Assert.Equal(copyFreeSpace ? 0 : 2, told.Count(static t => t.Contains("of free space are left out", StringComparison.Ordinal)));
        Assert.True(copyFreeSpace ? read >= 112 << 20 : read < 60 << 20, $"{read} bytes were read");
    }

    [SkippableFact]
    public void A_file_that_lies_in_what_is_called_free_is_copied_all_the_same()
    {
        var disk = OsMigrate.Tests.Guests.FreeSpaceMapTests.Disk(_folder, "label: gpt\nstart=2048, size=102400\nstart=104448, size=102400\n");
        using (var store = FileStore.OpenWrite(disk))
            OsMigrate.Tests.Guests.FreeSpaceMapTests.Forget(store);
        using var peer = VCenterPeer.Start($"name=a,disk={disk}");
        using var session = Connect(peer);
        var told = new List<string>();
        var (copy, _) = Copy(session, MigrationMode.Cold, DiskTransport.Range, new MemoryNotes(told.Add));
        copy.Acquire();
        Assert.Single(told, static t => t.Contains("What it calls free is copied too", StringComparison.Ordinal));
        using var image = copy.Open(0);
        using var source = OsMigrate.Disks.DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        Assert.Equal(Trees(source), Trees(image));
    }

    private static List<string> Trees(ByteStore disk)
        => [.. new OsMigrate.Guests.GuestDisks([disk]).Volumes.Where(static v => v.Kind == OsMigrate.FileSystems.VolumeKind.Ntfs).SelectMany(static v => FileTree.Of(OsMigrate.FileSystems.Ntfs.NtfsVolume.Open(v.Store)))];

    private (SourceCopy Copy, VSphereOrigin Origin) Copy(VSphereSession session, MigrationMode mode, DiskTransport transport, MemoryNotes? notes = null)
    {
        var machine = Machine(session, "a");
        var origin = Origin(machine, _folder.File("work-" + Guid.NewGuid().ToString("n")[..6]), mode, transport);
        return (new SourceCopy(session, origin, machine.Disks, notes ?? new MemoryNotes(_ => { }), new Silent(), None), origin);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_fetched_and_damaged_since_is_fetched_again(bool isCut)
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        var told = new List<string>();
        var notes = new MemoryNotes(told.Add);
        var (first, origin) = Copy(session, MigrationMode.Cold, DiskTransport.Lease, notes);
        first.Acquire();
        var file = Path.Combine(origin.WorkFolder, "disk0.img");
        using (var stream = new FileStream(file, FileMode.Open))
        {
            if (isCut)
            {
                stream.SetLength(stream.Length / 2);
            }
            else
            {
                // As after a power cut: the length is there, the content is not.
                stream.Position = stream.Length / 3;
                stream.Write(new byte[stream.Length / 3]);
            }
        }

        peer.ForgetCalls();
        var again = new SourceCopy(session, origin, Machine(session, "a").Disks, notes, new Silent(), None);
        again.Acquire(isPartlySent: true);
        using var image = again.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
        Assert.Contains(peer.Calls, c => c.StartsWith("ExportVm", StringComparison.Ordinal));
        Assert.Equal(!isCut, told.Exists(t => t.Contains("fetched again", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void Disks_of_another_moment_are_not_put_beside_what_was_sent()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)},power=on");
        using var session = Connect(peer);
        var notes = new MemoryNotes(_ => { });
        var (first, origin) = Copy(session, MigrationMode.Snapshot, DiskTransport.Lease, notes);
        first.Acquire();
        File.Delete(Path.Combine(origin.WorkFolder, "disk0.img"));
        var again = new SourceCopy(session, origin, Machine(session, "a").Disks, notes, new Silent(), None);
        Assert.Equal(ErrorIds.JobSourceChanged, Assert.Throws<OsMigrateException>(() => again.Acquire(isPartlySent: true)).ErrorId);
        Assert.Empty(peer.Snapshots("a"));
        again.Acquire();
        using var image = again.Open(0);
        Assert.Equal(Sha256(Disk(1)), Sha256(image));
    }

    private sealed class Recorder : OsMigrate.Migrations.Cloud.IJobWatcher
    {
        public List<OsMigrate.Disks.Copying.CopyProgress> All { get; } = [];

        public void Copying(string activity, OsMigrate.Disks.Copying.CopyProgress progress) => All.Add(progress);

        public void Waiting(string activity, string state)
        {
        }

        public void Warn(string text)
        {
        }
    }

    private string Disk(int seed)
    {
        var path = _folder.File($"d{seed}.raw");
        return File.Exists(path) ? path : VCenterPeer.MakeDisk(path, 16 << 20, seed);
    }
}
