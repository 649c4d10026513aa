using System.Diagnostics;
using System.Globalization;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Migrations.Sources;
using OsMigrate.Tests.Support;
using Xunit.Abstractions;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>A look inside a Windows guest over HTTPS, before anything is copied.</summary>
public sealed class LookTests(ITestOutputHelper output)
{
    private const long MostBytes = 50_000_000;

    [SkippableTheory]
    [InlineData("win10-bios")]
    [InlineData("win2k22-uefi")]
    public void What_will_be_changed_in_a_guest_is_known_after_reading_little(string guest)
    {
        using var folder = new TempFolder();
        var disk = SharedData.File($"oracle/in/{guest}.img");
        using var peer = VCenterPeer.Start($"name=win01,disk={disk},guest=windows2019srv_64Guest,firmware={(guest.EndsWith("uefi", StringComparison.Ordinal) ? "efi" : "bios")}");
        using var session = Connect(peer);
        var vm = Machine(session, "win01");
        peer.ForgetCalls();
        var clock = Stopwatch.StartNew();
        var machine = vm.ToMachine();
        var plan = new DriverWish { MediumPath = SharedData.File("oracle/in/virtio-win.iso") }.PlanFor(machine, [])!;
        var copy = new SourceCopy(session, Origin(vm, folder.File("work")), vm.Disks, new MemoryNotes(_ => { }), new Silent(), None);
        var changes = PreparedDisks.Preview([_ => copy.Open(0)], machine, plan, VirtioInjection.Instance, None);
        var (seconds, bytes) = (clock.Elapsed.TotalSeconds, peer.BytesRead);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{guest}: {seconds:f1} s, {bytes / 1e6:f1} MB of a disk of {vm.Disks[0].CapacityBytes / 1e9:f1} GB read; {changes.Count} changes, the first: {changes[0]}"));
        Assert.Contains(changes, static c => c.Contains("viostor", StringComparison.OrdinalIgnoreCase));
        Assert.InRange(bytes, 1, MostBytes);
        // Nothing but reading has happened.
        Assert.All(peer.Calls, static c => Assert.True(c.StartsWith("GET /folder/", StringComparison.Ordinal), c));
    }
}
