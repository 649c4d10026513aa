using System.Diagnostics;
using System.Text.Json;
using OsMigrate.Bytes;
using OsMigrate.Partitions;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Partitions;

/// <summary>Compares our list with sfdisk's, on tables that sfdisk and sgdisk made.</summary>
public class PartitionToolTests
{
    private const long Size = 300L << 20;

    [SkippableTheory]
    [InlineData("label: dos\nstart=2048,size=20480,type=83,bootable\nsize=8192,type=82\nsize=40960,type=5\nsize=4096,type=8e\nsize=8192,type=7\nsize=10000,type=b\nsize=4096,type=83\n")]
    [InlineData("label: dos\ntype=7\n")]
    [InlineData("label: dos\n")]
    [InlineData("label: dos\nstart=2048,size=2048,type=c\nstart=8192,type=f\nstart=10240,size=2048,type=83\n")]
    [InlineData("label: gpt\nsize=20480,type=U\nsize=2048,type=21686148-6449-6E6F-744E-656564454649,attrs=LegacyBIOSBootable\nsize=40960,type=L,name=\"Wurzel äöü\"\n")]
    [InlineData("label: gpt\ntable-length: 16\nstart=4096,size=2048,type=E6D6D379-F507-44C2-A23C-238F2A3DF928\n")]
    [InlineData("label: gpt\n")]
    public void The_same_partitions_are_listed_as_by_sfdisk(string script)
    {
        Tool.Require("sfdisk");
        using var folder = new TempFolder();
        var path = folder.File("disk.raw");
        using (var file = File.Create(path))
            file.SetLength(Size);
        MakeTable(path, script);
        using var disk = FileStore.OpenRead(path);

        var ours = PartitionTable.Read(disk);

        var theirs = JsonDocument.Parse(Tool.Check("sfdisk", "-J", path)).RootElement.GetProperty("partitiontable");
        Assert.Equal(theirs.GetProperty("label").GetString(), ours.Scheme == PartitionScheme.Gpt ? "gpt" : "dos");
        Assert.Equal(theirs.GetProperty("id").GetString()!.Replace("0x", "", StringComparison.Ordinal), ours.DiskId, ignoreCase: true);
        Assert.Equal(Theirs(theirs).Order(), ours.Partitions.Select(Describe).Order());
        Assert.Empty(ours.Notices);
    }

    [SkippableFact]
    public void A_hybrid_disk_is_a_gpt_with_a_notice()
    {
        Tool.Require("sfdisk");
        Tool.Require("sgdisk");
        using var folder = new TempFolder();
        var path = folder.File("disk.raw");
        using (var file = File.Create(path))
            file.SetLength(Size);
        Tool.Check("sgdisk", "-n", "1:0:+50M", "-n", "2:0:+20M", "-t", "2:8200", path);
        Tool.Check("sgdisk", "-h", "1", path);
        using var disk = FileStore.OpenRead(path);
        var table = PartitionTable.Read(disk);
        Assert.Equal((PartitionScheme.Gpt, 2), (table.Scheme, table.Partitions.Count));
        Assert.Contains("hybrid", Assert.Single(table.Notices));
        Assert.Equal("Linux swap", table.Partitions[1].TypeName);
    }

    private static IEnumerable<string> Theirs(JsonElement table)
    {
        if (!table.TryGetProperty("partitions", out var list))
            yield break;
        foreach (var p in list.EnumerateArray())
        {
            var node = p.GetProperty("node").GetString()!;
            var bootable = (p.TryGetProperty("bootable", out var b) && b.GetBoolean()) || (p.TryGetProperty("attrs", out var a) && a.GetString()!.Contains("LegacyBIOSBootable"));
            var name = p.TryGetProperty("name", out var n) ? n.GetString() : "";
            yield return $"{node[(node.IndexOf(".raw", StringComparison.Ordinal) + 4)..]} {p.GetProperty("start").GetInt64() * 512} {p.GetProperty("size").GetInt64() * 512} {p.GetProperty("type").GetString()!.ToLowerInvariant()} {bootable} {name}";
        }
    }

    private static string Describe(Partition p)
    {
        var type = p.TypeId.StartsWith("0x", StringComparison.Ordinal) ? p.TypeId[2..].TrimStart('0') : p.TypeId;
        return $"{p.Number} {p.StartBytes} {p.SizeBytes} {type} {p.IsBootable} {p.Name}";
    }

    private static void MakeTable(string path, string script)
    {
        var start = new ProcessStartInfo("sfdisk", ["-q", path]) { RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
