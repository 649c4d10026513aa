using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Tests.Support;

/// <summary>Compares what we read with what qemu-img reads.</summary>
public static class QemuAgreement
{
    /// <summary>Copies the image to raw with our reader and has qemu-img compare every byte and the size.</summary>
    /// <param name="qemuFormat">QEMU's name for the format.</param>
    public static void Check(string path, string qemuFormat, DiskFormat format)
    {
        using var folder = new TempFolder();
        var raw = folder.File("ours.raw");
        using (var image = DiskFormats.OpenFile(path))
        {
            Assert.Same(format, image.Format);
            DiskConversion.Run(image, raw, RawFormat.Instance, new EncodeOptions { Checksums = ChecksumKinds.None }, overwrite: false);
        }

        Same(raw, "raw", path, qemuFormat);
    }

    /// <summary>Fails unless both images have the same size and content.</summary>
    public static void Same(string pathA, string formatA, string pathB, string formatB)
        => Assert.DoesNotContain("size mismatch", Tool.Check("qemu-img", "compare", "-f", formatA, "-F", formatB, pathA, pathB));

    /// <summary>Does qemu-img open the file for reading?</summary>
    public static bool Opens(string path, string qemuFormat)
        => Tool.Run("qemu-img", "info", "-f", qemuFormat, path).ExitCode == 0;
}
