using System.Text.Json;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;
using OsMigrate.Migrations;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Migrations;

public class FileConversionTests
{
    [Fact]
    public void A_disk_becomes_a_folder_with_disk_record_and_script()
    {
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(64 << 20, seed: 3).SaveRaw(folder.File("web 01.img"));
        var before = Sums.Sha256(source);

        var machine = Assert.Single(Run(source, Into(folder)).Machines);

        Assert.Equal(folder.File("out/web_01"), machine.Folder);
        Assert.Equal(["migration.json", "openstack.sh", "web_01-disk0.qcow2"], Directory.GetFiles(machine.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var disk = Assert.Single(machine.Disks);
        Assert.Equal(Path.Combine(machine.Folder, "web_01-disk0.qcow2"), disk.Conversion.Path);
        Assert.Equal(Sums.Sha256(disk.Conversion.Path), disk.Conversion.Sha256);
        Assert.Equal(before, Sums.Sha256(source));
        using var record = JsonDocument.Parse(File.ReadAllText(machine.RecordPath));
        var target = record.RootElement.GetProperty("disks")[0].GetProperty("target");
        Assert.Equal("qcow2", target.GetProperty("diskFormat").GetString());
        Assert.Equal(disk.Conversion.Sha512, target.GetProperty("sha512").GetString());
        Assert.Equal(64 << 20, target.GetProperty("virtualSizeBytes").GetInt64());
        Assert.Equal("osmigrate-migration-1", record.RootElement.GetProperty("schema").GetString());
    }

    [SkippableFact]
    public void The_disk_that_is_written_holds_the_source_as_qemu_img_sees_it()
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(64 << 20, seed: 4).SaveRaw(folder.File("a.img"));
        var disk = Run(source, Into(folder) with { Compression = Compression.Zlib }).Machines[0].Disks[0].Conversion.Path;
        Tool.Check("qemu-img", "check", "-q", disk);
        Tool.Check("qemu-img", "compare", "-q", "-f", "raw", "-F", "qcow2", source, disk);
    }

    [Fact]
    public void Planning_writes_nothing_and_says_what_would_be_written()
    {
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(1 << 20, seed: 5).SaveRaw(folder.File("a.img"));
        using var plan = FileConversion.Plan(source, Into(folder));
        Assert.False(Directory.Exists(folder.File("out")));
        Assert.Equal(3, plan.Steps.Count());
        Assert.Contains("a-disk0.qcow2", plan.Steps.First());
    }

    [SkippableTheory]
    [InlineData("win2k22-uefi.img", true)]
    [InlineData("win10-bios.img", false)]
    public void The_firmware_of_a_bare_disk_is_that_of_its_boot_loader(string guest, bool isUefi)
    {
        using var folder = new TempFolder();
        using var plan = FileConversion.Plan(SharedData.File("oracle/in/" + guest), Into(folder));
        Assert.Equal(isUefi, Assert.Single(plan.Machines).Properties.Any(p => p.Name == "hw_firmware_type" && p.Value == "uefi"));
    }

    [Fact]
    public void Cancelling_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(256 << 20, seed: 6, runs: 400).SaveRaw(folder.File("a.img"));
        using var stop = new CancellationTokenSource();
        var options = Into(folder) with { Compression = Compression.Zlib };
        using var plan = FileConversion.Plan(source, options);
        var progress = new Immediate(p =>
        {
            if (p.Copy.BytesDone > 0)
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => FileConversion.Run(plan, progress, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("out")));
    }

    [Fact]
    public void A_folder_with_files_is_left_alone_unless_told_otherwise()
    {
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(1 << 20, seed: 7).SaveRaw(folder.File("a.img"));
        Directory.CreateDirectory(folder.File("out/a"));
        File.WriteAllText(folder.File("out/a/notes.txt"), "mine");

        var error = Assert.Throws<OsMigrateException>(() => FileConversion.Plan(source, Into(folder)));
        Assert.Equal(ErrorIds.FileExists, error.ErrorId);
        Assert.Equal([folder.File("out/a/notes.txt")], Directory.GetFileSystemEntries(folder.File("out/a")));

        Run(source, Into(folder) with { Overwrite = true });
        Run(source, Into(folder) with { Overwrite = true });
        Assert.Equal("mine", File.ReadAllText(folder.File("out/a/notes.txt")));
        Assert.True(File.Exists(folder.File("out/a/migration.json")));
        Assert.False(Directory.Exists(folder.File("out/a.partial")));
    }

    [Fact]
    public void The_leftovers_of_a_killed_run_are_replaced_only_on_request_and_strangers_never()
    {
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(1 << 20, seed: 8).SaveRaw(folder.File("a.img"));
        Directory.CreateDirectory(folder.File("out/a.partial"));
        File.WriteAllText(folder.File("out/a.partial/a-disk0.qcow2.partial"), "half");

        Assert.Equal(ErrorIds.FileExists, Assert.Throws<OsMigrateException>(() => Run(source, Into(folder))).ErrorId);
        Run(source, Into(folder) with { Overwrite = true });
        Assert.True(File.Exists(folder.File("out/a/migration.json")));

        Directory.CreateDirectory(folder.File("out/a.partial"));
        File.WriteAllText(folder.File("out/a.partial/thesis.doc"), "mine");
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<OsMigrateException>(() => Run(source, Into(folder) with { Overwrite = true })).ErrorId);
        Assert.Equal("mine", File.ReadAllText(folder.File("out/a.partial/thesis.doc")));
    }

    [Fact]
    public void A_source_is_never_written_over()
    {
        using var folder = new TempFolder();
        var inside = Directory.CreateDirectory(folder.File("a-disk0")).FullName;
        var source = TestDisk.Scattered(1 << 20, seed: 9).SaveRaw(Path.Combine(inside, "a-disk0.raw"));
        var before = Sums.Sha256(source);

        var options = new FileConversionOptions { OutputDirectory = folder.Path, TargetFormat = RawFormat.Instance, Overwrite = true };
        Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => Run(source, options)).ErrorId);
        using (var image = DiskFormats.OpenFile(source))
        {
            var error = Assert.Throws<OsMigrateException>(() => DiskConversion.Run(image, source, RawFormat.Instance, new EncodeOptions(), overwrite: true));
            Assert.Equal(ErrorIds.BadRequest, error.ErrorId);
        }

        var partial = Path.Combine(inside, "b.raw.partial");
        File.Copy(source, partial);
        using (var image = DiskFormats.OpenFile(partial))
            Assert.Throws<OsMigrateException>(() => DiskConversion.Run(image, Path.Combine(inside, "b.raw"), RawFormat.Instance, new EncodeOptions(), overwrite: true));
        Assert.Equal(before, Sums.Sha256(source));
        Assert.Equal(before, Sums.Sha256(partial));
    }

    [SkippableFact]
    public void The_script_uploads_what_was_written_with_the_openstack_client()
    {
        Tool.Require("sh");
        Tool.Require("sha512sum");
        using var folder = new TempFolder();
        var source = TestDisk.Scattered(1 << 20, seed: 10).SaveRaw(folder.File("it's $(here).img"));
        var machine = Run(source, Into(folder)).Machines[0];
        // Stands in for the client: notes its arguments, one line a call, and answers with an id, or with the file's checksum when asked for it.
        var bin = Directory.CreateDirectory(folder.File("bin")).FullName;
        File.WriteAllText(Path.Combine(bin, "openstack"), "#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\" >>\"$CALLS\"; done\necho >>\"$CALLS\"\ncase \"$*\" in *\"image show\"*) sha512sum *.qcow2 | cut -d' ' -f1;; *) echo id-1;; esac\n");
        Tool.Check("chmod", "+x", Path.Combine(bin, "openstack"));
        var calls = folder.File("calls");
        Tool.Check("env", $"PATH={bin}:/usr/bin:/bin", $"CALLS={calls}", "FLAVOR=m1.small", "sh", machine.ScriptPath);
        var lines = File.ReadAllLines(calls);
        Assert.Contains("[image][create]", lines[0]);
        Assert.Contains("[--disk-format][qcow2]", lines[0]);
        Assert.Contains("[--property][hw_disk_bus=", lines[0]);
        Assert.Contains("[server][create]", lines[^1]);
        Assert.Contains("[m1.small]", lines[^1]);
    }

    [SkippableFact]
    public void The_script_stops_at_a_damaged_disk()
    {
        Tool.Require("sha512sum");
        using var folder = new TempFolder();
        var machine = Run(TestDisk.Scattered(1 << 20, seed: 10).SaveRaw(folder.File("a.img")), Into(folder)).Machines[0];
        using (var disk = File.Open(machine.Disks[0].Conversion.Path, FileMode.Open))
            disk.WriteByte(0);
        var (code, output) = Tool.Run("env", "FLAVOR=x", "sh", machine.ScriptPath);
        Assert.NotEqual(0, code);
        Assert.Contains("a-disk0.qcow2", output);
    }

    [Theory]
    [InlineData("web01", "web01")]
    [InlineData("Büro Server/1", "B_ro_Server_1")]
    [InlineData("../../etc", "etc")]
    [InlineData("..", "machine")]
    [InlineData("", "machine")]
    [InlineData("con", "machine")]
    [InlineData("COM1.x", "machine")]
    [InlineData("a.", "a")]
    public void Names_of_machines_become_plain_file_names(string name, string expected)
        => Assert.Equal(expected, FileNames.Safe(name, "machine"));

    [Theory]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm -rf /)\n`x`", "'$(rm -rf /)`x`'")]
    public void Text_from_the_source_is_only_text_in_the_script(string text, string expected)
        => Assert.Equal(expected, OpenStackScript.Quote(text));

    private static FileConversionOptions Into(TempFolder folder) => new() { OutputDirectory = folder.File("out"), Flush = false };

    private static FileConversionResult Run(string source, FileConversionOptions options)
    {
        using var plan = FileConversion.Plan(source, options);
        return FileConversion.Run(plan, null, CancellationToken.None);
    }

    private sealed class Immediate(Action<FileConversionProgress> action) : IProgress<FileConversionProgress>
    {
        public void Report(FileConversionProgress value) => action(value);
    }
}
