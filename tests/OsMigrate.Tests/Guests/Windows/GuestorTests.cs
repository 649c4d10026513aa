using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Guests.Windows.Injection;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

/// <summary>The half package that virt-v2v leaves, and its removal.</summary>
public sealed class GuestorTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [SkippableFact]
    public void A_guest_that_never_started_keeps_the_package_that_it_needs()
    {
        using var image = ByVirtV2v(startedSince: false, "guestor.inf_amd64_0000000000000000");
        var before = image.DigestOfEdits();
        var e = Assert.Throws<OsMigrateException>(() => GuestRepair.Run(new GuestDisks([image]), Now));
        Assert.Equal(ErrorIds.GuestNotFit, e.ErrorId);
        Assert.Contains("not started on KVM yet", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, image.DigestOfEdits());
    }

    /// <summary>Both names of the package: that of virt-v2v up to 2.8, and the one since 2.10.</summary>
    [SkippableTheory]
    [InlineData("guestor.inf_tmp")]
    [InlineData("guestor.inf_amd64_0000000000000000")]
    public void A_guest_that_started_since_loses_the_package_and_nothing_else(string label)
    {
        using var pristine = new EditedImage(DiskFormats.OpenFile(SharedData.File("oracle/in/win10-bios.img")));
        using var image = ByVirtV2v(startedSince: true, label);
        Assert.Contains(Database(image), k => k.Contains("guestor", StringComparison.OrdinalIgnoreCase));
        var result = GuestRepair.Run(new GuestDisks([image]), Now);
        Assert.Contains(result.Changes, c => c.Where == $@"SYSTEM\DriverDatabase\DriverPackages\{label}" && c.What == "removed");
        Assert.Equal(Database(pristine), Database(image));
        Assert.NotNull(Windows(image).Current(@"Services\viostor"));
        Assert.Empty(GuestRepair.Run(new GuestDisks([image]), Now).Changes);
    }

    [SkippableFact]
    public void The_complete_injection_takes_the_package_away_too()
    {
        using var image = ByVirtV2v(startedSince: false, "guestor.inf_tmp");
        using var medium = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = medium, Now = Now });
        Assert.DoesNotContain(Database(image), k => k.Contains("guestor", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0u, Windows(image).Current(@"Services\viostor")!.Value("Start")!.AsDword());
    }

    private static EditedImage ByVirtV2v(bool startedSince, string label)
    {
        var image = new EditedImage(DiskFormats.OpenFile(SharedData.File("oracle/in/win10-bios.img")));
        using var medium = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = medium, Way = InjectionWay.Minimal, Now = Now });
        var guest = Windows(image);
        const string Written = "guestor.inf_amd64_0000000000000000";
        if (label != Written)
        {
            // What is in the way is found by the beginning of its name.
            var packages = guest.System.Find(@"DriverDatabase\DriverPackages")!;
            packages.Find(Written)!.Delete();
            packages.Create(label + @"\Configurations\guestor_conf").SetString("Service", "viostor");
        }

        if (startedSince)
            guest.System.Root.Create($@"{guest.ControlSet}\Enum\PCI\VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00\3&13c0b0c5&0&38").SetString("Service", "viostor");
        if (guest.System.IsEdited)
            WindowsPreparation.SaveHives(guest, []);
        return image;
    }

    private static WindowsGuest Windows(EditedImage image) => WindowsGuest.All(new GuestDisks([image]), Now).Single();

    private static List<string> Database(EditedImage image)
    {
        var found = new List<string>();
        var open = new Stack<HiveKey>([Windows(image).System.Find("DriverDatabase")!]);
        while (open.Count > 0)
        {
            var key = open.Pop();
            found.Add(key.Path);
            found.AddRange(key.Values.Select(v => $"{key.Path}: {v.Name} = {v}"));
            foreach (var sub in key.SubKeys)
                open.Push(sub);
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
