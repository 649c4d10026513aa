using System.IO.Compression;
using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.RvTools;

namespace OsMigrate.Tests.VSphere.RvTools;

public sealed class RvToolsReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CellTexts.Shared)]
    [InlineData(CellTexts.Inline)]
    public void A_workbook_with_the_real_headers_is_read_whichever_way_it_keeps_its_texts(CellTexts texts)
    {
        var export = new RvToolsExport().Places()
            .Machine("web & <01>", "vm-1", ("Firmware", "efi"), ("EFI Secure boot", "True"), ("Annotation", "line 1\nline 2"), ("vApp", "shop"), ("Cluster rule(s)", "Anti-affinity"), ("Cluster rule name(s)", "apart"))
            .Disk("web & <01>", "vm-1").Nic("web & <01>", "vm-1")
            .Machine("db", "vm-2", ("Cluster rule(s)", "Anti-affinity"), ("Cluster rule name(s)", "apart")).Disk("db", "vm-2", 1024, ("Raw", "True"), ("Raw Comp. Mode", "physicalMode"))
            .Add("vPartition", ("VM", "db"), ("VM ID", "vm-2"), ("VI SDK Server", "vc.example"), ("VI SDK UUID", "u-1"), ("Disk", "/"), ("Capacity MiB", 1000), ("Free MiB", 400))
            .Add("vSnapshot", ("VM", "db"), ("VM ID", "vm-2"), ("VI SDK Server", "vc.example"), ("VI SDK UUID", "u-1"), ("Name", "before"), ("Date / time", "2026-01-02T03:04:05"), ("Size MiB (total)", 512));
        var read = Read(export, texts);
        Assert.Equal(["web & <01>", "db"], read.Machines.Select(m => m.Machine.Name));
        var web = read.Machines[0];
        Assert.Equal((2, 4096L, FirmwareType.Efi, true, "vmx-19", "poweredOn"), (web.Machine.CpuCount, web.Machine.MemoryMiB, web.Machine.Firmware, web.Machine.SecureBoot, web.Machine.HardwareVersion, web.Machine.PowerState));
        Assert.Equal((40960L << 20, "pvscsi", DiskBus.Scsi, DiskBacking.Flat, "[ds1] vm-1/vm-1.vmdk"), Assert.Single(web.Machine.Disks) is var d ? (d.CapacityBytes, d.ControllerModel, d.Bus, d.Backing, d.FileName) : default);
        Assert.Equal(("vmxnet3", "00:50:56:00:00:01", "VM Network"), Assert.Single(web.Machine.Nics) is var n ? (n.Model, n.MacAddress, n.NetworkName) : default);
        Assert.Equal(("shop", "line 1\nline 2", "vc.example", 20480L << 20), (web.Machine.VApp!.Name, web.Machine.Notes, web.Machine.Server, web.Machine.UsedBytes));
        Assert.True(web.Knows(RvToolsMachines.Whole) && !web.Knows(InventoryFacts.GuestFileSystems));
        var db = read.Machines[1];
        Assert.Equal((DiskBacking.RawPhysical, "before", 512L << 20, "/"), (db.Machine.Disks[0].Backing, db.Machine.Snapshots[0].Name, db.Traits.SnapshotBytes, db.Traits.FileSystems![0].Path));
        Assert.True(db.Knows(InventoryFacts.GuestFileSystems));
        var rule = Assert.Single(Assert.Single(read.Clusters).Rules);
        Assert.Equal((ClusterRuleKind.AntiAffinity, 2), (rule.Kind, rule.Machines.Count));
        Assert.Equal(("esx1", 32, "ds1", "VMFS", "100"), (read.Hosts[0].Name, read.Hosts[0].CoreCount, read.Datastores[0].Name, read.Datastores[0].Type, read.Networks[0].Vlan));
        Assert.Empty(read.Notices);
    }

    [Fact]
    public void Headers_of_older_versions_mean_the_same()
    {
        var export = new RvToolsExport().Places().Machine("old", "vm-1").Disk("old", "vm-1");
        foreach (var sheet in export.Sheets.Keys.ToList())
            export.Sheets[sheet] = [.. export.Sheets[sheet].Select(h => h.Replace(" MiB", " MB", StringComparison.Ordinal) switch { "EnableUUID" => "disk.EnableUUID", "VI SDK UUID" => "vCenter UUID", "VM" => " VM ", var same => same })];
        // The builder looks cells up by header: give it the rows under the old names too.
        var path = _folder.File("old.xlsx");
        RenamedRows(export).Save(path);
        var machine = RvToolsReader.ReadWorkbook(path, default).Machines.Single();
        Assert.Equal((40960L << 20, 20480L << 20, 50000L << 20), (machine.Machine.Disks.Single().CapacityBytes, machine.Machine.UsedBytes, machine.Machine.ProvisionedBytes));
        Assert.False(machine.Traits.DiskUuidEnabled);
    }

    [Theory]
    [InlineData("1024", 1024.0)]
    [InlineData("1,024", 1024.0)]
    [InlineData("1.024", 1024.0)]
    [InlineData("1 024", 1024.0)]
    [InlineData("1\u00A0024", 1024.0)]
    [InlineData("1'024", 1024.0)]
    [InlineData("1.048.576", 1048576.0)]
    [InlineData("1,048,576.5", 1048576.5)]
    [InlineData("1.048.576,5", 1048576.5)]
    [InlineData("12,5", 12.5)]
    [InlineData("0.125", 0.125)]
    [InlineData("1.5E3", 1500.0)]
    [InlineData("VM", null)]
    [InlineData("-5", null)]
    [InlineData("", null)]
    [InlineData("1e300", null)]
    [InlineData("NaN", null)]
    public void Numbers_of_any_country_are_read(string text, double? number) => Assert.Equal(number, RvToolsCells.Number(text));

    [Fact]
    public void Words_in_place_of_numbers_are_not_known_and_are_told()
    {
        var read = Read(new RvToolsExport().Places().Machine("a", "vm-1", ("Memory", "VM"), ("In Use MiB", "VM")).Disk("a", "vm-1", 1, ("Capacity MiB", "VM")));
        var machine = read.Machines.Single();
        Assert.False(machine.Knows(InventoryFacts.DiskSizes));
        Assert.True(machine.Knows(InventoryFacts.HardDisks));
        Assert.Equal((0L, 0L), (machine.Machine.UsedBytes, machine.Machine.MemoryMiB));
        Assert.Contains(read.Notices, n => n.Contains("vDisk, column 'Capacity MiB': 1 cells hold no number", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vDisk", InventoryFacts.HardDisks | InventoryFacts.DiskSizes | InventoryFacts.DiskBackings | InventoryFacts.DiskSharing)]
    [InlineData("vSnapshot", InventoryFacts.Snapshots)]
    [InlineData("vNetwork", InventoryFacts.Nics)]
    [InlineData("vTools", InventoryFacts.Tools)]
    [InlineData("vUSB", InventoryFacts.Usb)]
    [InlineData("vDatastore", InventoryFacts.Datastores)]
    [InlineData("vCluster", InventoryFacts.Clusters)]
    public void What_a_missing_sheet_would_tell_is_not_known(string sheet, InventoryFacts facts)
    {
        var export = new RvToolsExport().Places().Machine("a", "vm-1").Disk("a", "vm-1").Nic("a", "vm-1");
        export.Sheets.Remove(sheet);
        var read = Read(export);
        Assert.Equal(RvToolsMachines.Whole & ~facts, read.Machines.Single().Facts);
        Assert.Contains(read.Notices, n => n.Contains($"has no sheet {sheet}", StringComparison.Ordinal));
    }

    [Fact]
    public void Machines_of_two_servers_with_one_id_are_not_mixed_up()
    {
        var read = Read(new RvToolsExport().Machine("a", "vm-1").Disk("a", "vm-1", 100)
            .Machine("b", "vm-1", ("VI SDK Server", "other"), ("VI SDK UUID", "u-2")).Disk("b", "vm-1", 200, ("VI SDK UUID", "u-2")));
        Assert.Equal([100L << 20, 200L << 20], read.Machines.Select(m => m.Machine.Disks.Single().CapacityBytes));
    }

    [Fact]
    public void A_sheet_without_ids_goes_by_name_and_says_nothing_of_names_that_occur_twice()
    {
        var export = new RvToolsExport().Machine("twin", "vm-1").Machine("twin", "vm-2").Machine("only", "vm-3").Disk("twin", "vm-1").Disk("only", "vm-3");
        export.Sheets["vDisk"] = [.. export.Sheets["vDisk"].Where(h => h != "VM ID")];
        var read = Read(export);
        Assert.Equal([false, false, true], read.Machines.Select(m => m.Knows(InventoryFacts.HardDisks)));
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    public void Csv_files_of_one_export_are_read_together(char separator)
    {
        var files = new RvToolsExport().Places().Machine("a, \"b\"; c", "vm-1").Disk("a, \"b\"; c", "vm-1").Nic("a, \"b\"; c", "vm-1").SaveCsv(_folder.Path, separator);
        var machine = RvToolsReader.ReadCsv(files, default).Machines.Single();
        Assert.Equal(("a, \"b\"; c", 40960L << 20), (machine.Machine.Name, machine.Machine.Disks.Single().CapacityBytes));
    }

    [Fact]
    public void What_is_no_workbook_is_refused_by_name()
    {
        Assert.Equal(ErrorIds.RvToolsBadWorkbook, Refused("text.xlsx", p => File.WriteAllText(p, "not a zip")));
        Assert.Equal(ErrorIds.RvToolsBadWorkbook, Refused("empty.xlsx", p => File.WriteAllBytes(p, [])));
        Assert.Equal(ErrorIds.RvToolsBadWorkbook, Refused("zip.xlsx", p => { using var zip = ZipFile.Open(p, ZipArchiveMode.Create); zip.CreateEntry("a"); }));
        Assert.Equal(ErrorIds.RvToolsNoMachines, Refused("none.xlsx", p => new RvToolsExport().Save(p)));
        Assert.Equal(ErrorIds.RvToolsBadWorkbook, Refused("other.xlsx", p =>
        {
            var export = new RvToolsExport();
            export.Sheets.Remove("vInfo");
            export.Save(p);
        }));
    }

    [Fact]
    public void A_workbook_with_a_document_type_is_refused()
    {
        Assert.Equal(ErrorIds.RvToolsBadWorkbook, Refused("dtd.xlsx", p =>
        {
            new RvToolsExport().Machine("a", "vm-1").Save(p, CellTexts.Inline);
            Replace(p, "xl/worksheets/sheet1.xml", x => x.Replace("<worksheet", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><worksheet", StringComparison.Ordinal).Replace(">a<", ">&e;<", StringComparison.Ordinal));
        }));
    }

    [Fact]
    public void A_workbook_that_expands_without_end_is_refused_before_it_is_opened()
    {
        var path = _folder.File("bomb.xlsx");
        new RvToolsExport().Machine("a", "vm-1").Save(path);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        using (var part = zip.CreateEntry("xl/media/x", CompressionLevel.SmallestSize).Open())
        {
            for (var i = 0; i < 64; i++)
                part.Write(new byte[1 << 20]);
        }

        using var file = File.OpenRead(path);
        Assert.Equal(ErrorIds.RvToolsTooLarge, Assert.Throws<OsMigrateException>(() => WorkbookLimits.Check(path, file, default, 32 << 20)).ErrorId);
        Assert.InRange(file.Length, 1, 1 << 20);
    }

    private static void Replace(string path, string part, Func<string, string> change)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        string content;
        using (var reader = new StreamReader(zip.GetEntry(part)!.Open()))
            content = reader.ReadToEnd();
        zip.GetEntry(part)!.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(part).Open());
        writer.Write(change(content));
    }

    /// <summary>The same export under the headers that its sheets have now.</summary>
    private static RvToolsExport RenamedRows(RvToolsExport export)
    {
        var renamed = new RvToolsExport();
        foreach (var (name, headers) in export.Sheets)
            renamed.Sheets[name] = headers;
        (string, object)[] key = [(" VM ", "old"), ("VM ID", "vm-1"), ("VI SDK Server", "vc"), ("vCenter UUID", "u-1")];
        renamed.Add("vInfo", [.. key, ("CPUs", 2), ("Memory", 2048), ("disk.EnableUUID", "False"), ("In Use MB", 20480), ("Provisioned MB", 50000)]);
        renamed.Add("vDisk", [.. key, ("Disk", "Hard disk 1"), ("Capacity MB", 40960), ("Raw", "False"), ("Disk Mode", "persistent")]);
        return renamed;
    }

    private string Refused(string name, Action<string> make)
    {
        var path = _folder.File(name);
        make(path);
        return Assert.Throws<OsMigrateException>(() => RvToolsReader.ReadWorkbook(path, default)).ErrorId;
    }

    private InventorySnapshot Read(RvToolsExport export, CellTexts texts = CellTexts.Shared)
    {
        var path = _folder.File("export.xlsx");
        export.Save(path, texts);
        return RvToolsReader.ReadWorkbook(path, default);
    }
}
