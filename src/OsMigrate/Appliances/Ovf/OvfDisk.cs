using System.Xml.Linq;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Ovf;

/// <summary>A &lt;Disk&gt; of a DiskSection (DSP0243, "DiskSection").</summary>
/// <param name="FileRef">Id of the file with its content; null for a disk that is delivered empty.</param>
/// <param name="CapacityBytes">Size as the guest sees it; 0 when the descriptor (oVirt's) does not say.</param>
/// <param name="ParentRef">Id of the disk this one is a delta of, or null.</param>
/// <param name="Format">URI that names the format of the content, or null.</param>
/// <param name="Uuid">VirtualBox's id, which its own section refers to, or null.</param>
/// <param name="Interface">oVirt's word for the controller, or null.</param>
/// <param name="Boot">True when oVirt marks it as the boot disk.</param>
internal sealed record OvfDisk(string Id, string? FileRef, long CapacityBytes, string? ParentRef, string? Format, string? Uuid, string? Interface, bool Boot)
{
    /// <summary>Far beyond what any hypervisor gives a guest, and small enough for safe sums.</summary>
    public const long MaxCapacity = 1L << 56;

    public static Dictionary<string, OvfDisk> ReadAll(XElement envelope, IReadOnlyDictionary<string, OvfFile> files, OvfProperties properties, string fileName)
    {
        var disks = new Dictionary<string, OvfDisk>(StringComparer.Ordinal);
        foreach (var e in envelope.Sections("DiskSection").SelectMany(s => s.Ovf("Disk")))
        {
            var disk = Read(e, properties, fileName);
            if (disk.FileRef is not null && !files.ContainsKey(disk.FileRef))
                throw Bad(e, fileName, $"the disk '{Shown.Text(disk.Id)}' refers to the file '{Shown.Text(disk.FileRef)}', which the References do not list");
            if (!disks.TryAdd(disk.Id, disk))
                throw Bad(e, fileName, $"two disks have the id '{Shown.Text(disk.Id)}'");
        }

        foreach (var disk in disks.Values)
            CheckParents(disk, disks, fileName);
        return disks;
    }

    private static OvfDisk Read(XElement e, OvfProperties properties, string fileName)
    {
        var id = e.OvfAttribute("diskId");
        if (string.IsNullOrEmpty(id))
            throw Bad(e, fileName, "a disk has no ovf:diskId");
        return new OvfDisk(
            id!,
            NullIfEmpty(e.OvfAttribute("fileRef")),
            Capacity(e, id!, properties, fileName),
            NullIfEmpty(e.OvfAttribute("parentRef")),
            NullIfEmpty(e.OvfAttribute("format")),
            NullIfEmpty(e.VendorAttribute("uuid"))?.Trim('{', '}').ToLowerInvariant(),
            NullIfEmpty(e.OvfAttribute("disk-interface")),
            string.Equals(e.OvfAttribute("boot"), "true", StringComparison.OrdinalIgnoreCase));
    }

    private static long Capacity(XElement e, string id, OvfProperties properties, string fileName)
    {
        var text = e.OvfAttribute("capacity");
        var units = e.OvfAttribute("capacityAllocationUnits");
        if (string.IsNullOrEmpty(text))
        {
            // oVirt states the size in GiB instead.
            text = e.OvfAttribute("size");
            units = "byte * 2^30";
            if (string.IsNullOrEmpty(text))
                throw Bad(e, fileName, $"the disk '{Shown.Text(id)}' has no ovf:capacity");
        }

        var number = properties.Expand(text!)
            ?? throw Bad(e, fileName, $"the capacity of the disk '{Shown.Text(id)}' is '{Shown.Text(text!)}', a property without a value in this descriptor");
        var bytes = OvfUnits.Bytes(number.Trim(), units, 1);
        if (bytes is null or > MaxCapacity)
            throw Bad(e, fileName, $"the capacity of the disk '{Shown.Text(id)}' is '{Shown.Text(number)}' in units of '{Shown.Text(units ?? "byte")}', which is no usable size");
        return bytes.Value;
    }

    private static void CheckParents(OvfDisk disk, Dictionary<string, OvfDisk> disks, string fileName)
    {
        var at = disk;
        for (var depth = 0; at.ParentRef is not null; depth++)
        {
            if (!disks.TryGetValue(at.ParentRef, out var parent))
                throw new InvalidImageException(ErrorIds.BadAppliance, fileName, -1, $"the disk '{Shown.Text(at.Id)}' has the parent '{Shown.Text(at.ParentRef)}', which the DiskSection does not list");
            if (depth >= 64 || parent.Id == disk.Id)
                throw new InvalidImageException(ErrorIds.ParentCycle, fileName, -1, $"the parents of the disk '{Shown.Text(disk.Id)}' form a circle or a chain of more than 64");
            at = parent;
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static InvalidImageException Bad(XElement e, string fileName, string reason) => new(ErrorIds.BadAppliance, fileName, -1, $"{e.Where()}: {reason}");
}
