using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Tests.Support;

/// <summary>What two readers make of one file.</summary>
public enum Agreement
{
    SameContent,
    BothRefuse,
    OnlyWeRefuse,
    OnlyWeRead,
    Differ,
}

/// <summary>qemu-img as the judge of how an image is to be read.</summary>
public static class QemuImg
{
    public const string Program = "qemu-img";

    /// <summary>Reads an image with both; files it needs must lie beside it.</summary>
    /// <param name="format">qemu's name of the format, or null to let it probe.</param>
    public static (Agreement Verdict, string Detail) Compare(string path, string? format = null)
    {
        using var folder = new TempFolder();
        var raw = folder.File("theirs.raw");
        string[] source = format is null ? [path] : ["-f", format, path];
        var (code, output) = Tool.Run(Program, ["convert", .. source, "-O", "raw", raw]);
        try
        {
            using var ours = DiskFormats.OpenFile(path);
            if (code != 0)
            {
                // Opening may be lazy: what cannot be read counts as refused too.
                DiskConversion.Run(ours, folder.File("ours.raw"), OsMigrate.Disks.Raw.RawFormat.Instance, new EncodeOptions(), overwrite: false);
                return (Agreement.OnlyWeRead, "qemu-img: " + output.Trim());
            }

            using var theirs = DiskFormats.OpenFile(raw, OsMigrate.Disks.Raw.RawFormat.Instance);
            var result = DiskComparison.Run(ours, theirs, null, CancellationToken.None);
            return result.Identical ? (Agreement.SameContent, "") : (Agreement.Differ, result.ToString());
        }
        catch (OsMigrateException e)
        {
            return (code == 0 ? Agreement.OnlyWeRefuse : Agreement.BothRefuse, $"{e.ErrorId}: {e.Message} | qemu-img: {output.Trim()}");
        }
    }

    /// <summary>Fails the test unless both read the same.</summary>
    public static void AssertSame(string path, string? format = null)
    {
        var (verdict, detail) = Compare(path, format);
        Assert.True(verdict == Agreement.SameContent, $"{Path.GetFileName(path)}: {verdict} {detail}");
    }
}
