using System.Text.Json;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Migrations;

public class PreparationTests
{
    [Fact]
    public void The_guest_of_an_appliance_is_changed_on_the_way_and_all_its_disks_are_written_with_the_changes()
    {
        using var folder = new TempFolder();
        var contents = new[] { TestDisk.Scattered(20L << 20, seed: 21), TestDisk.Scattered(8L << 20, seed: 22) };
        var ova = new OvaBuilder { GuestId = "windows9_64Guest" }.Disk(contents[0]).Disk(contents[1]).Save(folder.File("w.ova"));
        var before = Sums.Sha256(ova);
        var mark = new GuestMark();
        using var plan = FileConversion.Plan(ova, Into(folder, mark));
        Assert.Equal("Inject virtio drivers from 'drivers'.", plan.Steps.First());
        Assert.Equal(["In the guest: disk 0: marked", "In the guest: disk 1: marked"], FileConversion.PreviewGuests(plan, CancellationToken.None));
        Assert.False(Directory.Exists(folder.File("out")));

        var machine = Assert.Single(FileConversion.Run(plan, null, CancellationToken.None).Machines);

        Assert.Equal(2, mark.Runs);
        Assert.Equal(["disk 0: marked", "disk 1: marked"], machine.Guest!.Changes.Select(c => c.ToString()));
        Assert.Contains("the guest was marked", machine.Warnings);
        Assert.DoesNotContain(machine.Warnings, w => w.Contains("virtio", StringComparison.Ordinal));
        for (var i = 0; i < 2; i++)
        {
            contents[i].Put(GuestMark.Offset, mark.MarkOf(plan.Machines[0].Preparation!));
            using var written = DiskFormats.OpenFile(machine.Disks[i].Conversion.Path);
            Assert.True(DiskComparison.Run(contents[i], written, null, CancellationToken.None).Identical);
            Assert.True(machine.Disks[i].Conversion.Encoded.PassedThroughBlocks > 10);
            Assert.True(machine.Disks[i].ManifestVerified);
        }

        Assert.Equal(before, Sums.Sha256(ova));
        using var record = JsonDocument.Parse(File.ReadAllText(machine.RecordPath));
        Assert.Equal("Windows of the test", record.RootElement.GetProperty("guest").GetProperty("system").GetString());
        Assert.Equal("disk 1", record.RootElement.GetProperty("guest").GetProperty("changes")[1].GetProperty("where").GetString());
        var properties = record.RootElement.GetProperty("imageProperties");
        Assert.Equal(("virtio", "virtio"), (properties.GetProperty("hw_disk_bus").GetString(), properties.GetProperty("hw_vif_model").GetString()));
    }

    [Theory]
    [InlineData("windows2019srv_64Guest", true)]
    [InlineData("ubuntu64Guest", false)]
    public void A_Windows_guest_without_drivers_is_told_of_and_any_other_is_not(string guestId, bool told)
    {
        using var folder = new TempFolder();
        var ova = new OvaBuilder { GuestId = guestId }.Disk(TestDisk.Scattered(1L << 20, seed: 23)).Save(folder.File("w.ova"));
        var options = new FileConversionOptions { OutputDirectory = folder.File("out"), Drivers = new DriverWish() };

        Assert.Equal(told, Warnings(ova, options).Any(w => w.Contains("-VirtioDriver", StringComparison.Ordinal) && w.Contains("Save-VirtioDriver", StringComparison.Ordinal)));
        Assert.DoesNotContain(Warnings(ova, options with { Drivers = new DriverWish { Skip = true } }), w => w.Contains("virtio", StringComparison.Ordinal));
    }

    [Fact]
    public void A_guest_that_is_not_Windows_stays_as_it_is_and_the_user_is_told()
    {
        using var folder = new TempFolder();
        var ova = new OvaBuilder { GuestId = "ubuntu64Guest" }.Disk(TestDisk.Scattered(1L << 20, seed: 24)).Save(folder.File("l.ova"));
        var mark = new GuestMark();
        using var plan = FileConversion.Plan(ova, Into(folder, mark));
        var machine = FileConversion.Run(plan, null, CancellationToken.None).Machines[0];
        Assert.Null(machine.Guest);
        Assert.Equal(0, mark.Runs);
        Assert.Contains(machine.Warnings, w => w.StartsWith("No drivers are injected", StringComparison.Ordinal));
    }

    [Fact]
    public void A_medium_without_drivers_is_refused_before_anything_is_written()
    {
        using var folder = new TempFolder();
        var image = TestDisk.Scattered(1L << 20, seed: 25).SaveRaw(folder.File("a.img"));
        var empty = Directory.CreateDirectory(folder.File("empty")).FullName;
        var options = new FileConversionOptions { OutputDirectory = folder.File("out"), Drivers = new DriverWish { MediumPath = empty } };
        Assert.Equal(ErrorIds.DriverNotFound, Assert.Throws<OsMigrateException>(() => FileConversion.Plan(image, options)).ErrorId);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void A_guest_that_cannot_be_changed_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        var image = TestDisk.Scattered(100_000, seed: 26).SaveRaw(folder.File("small.img"));
        // The mark lies past the end of this disk.
        using var plan = FileConversion.Plan(image, Into(folder, new GuestMark()));
        Assert.Throws<InvalidImageException>(() => FileConversion.Run(plan, null, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("out")));
    }

    private static IReadOnlyList<string> Warnings(string path, FileConversionOptions options)
    {
        using var plan = FileConversion.Plan(path, options);
        return plan.Machines[0].Machine.Warnings;
    }

    private static FileConversionOptions Into(TempFolder folder, GuestMark mark)
        => new() { OutputDirectory = folder.File("out"), Drivers = new DriverWish { MediumPath = GuestMark.Medium(folder) }, GuestStep = mark };
}
