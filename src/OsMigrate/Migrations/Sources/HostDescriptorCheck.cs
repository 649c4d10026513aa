using OsMigrate.Appliances;
using OsMigrate.Appliances.Ovf;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Sources;

/// <summary>Is a descriptor that a server wrote one of the files that lie beside it? Whoever reads the OVA relies on that.</summary>
internal static class HostDescriptorCheck
{
    /// <param name="descriptor">May be hostile.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.NetBadAnswer"/>, with the reason.</exception>
    public static void Require(byte[] descriptor, string server, string machine, IReadOnlyList<OvfWrittenDisk> written)
    {
        try
        {
            if (Fault(OvfDescriptor.Read(new MemoryStore(descriptor, "descriptor")), written) is { } fault)
                throw Bad(server, machine, fault, null);
        }
        catch (InvalidImageException e)
        {
            throw Bad(server, machine, e.Reason, e);
        }
    }

    private static string? Fault(OvfDescriptor descriptor, IReadOnlyList<OvfWrittenDisk> written)
    {
        if (descriptor.Machines.Count != 1)
            return $"it describes {descriptor.Machines.Count} machines";
        var disks = descriptor.Machines[0].Disks;
        if (disks.Count != written.Count || descriptor.Disks.Count != written.Count || descriptor.Files.Count != written.Count)
            return $"it gives the machine {disks.Count} disks, and lists {descriptor.Disks.Count} disks in {descriptor.Files.Count} files, where {written.Count} were exported";
        foreach (var disk in written)
        {
            if (descriptor.Files.Values.FirstOrDefault(f => IsNamed(f.Href, disk)) is not { } file)
                return $"it does not list '{disk.FileName}'";
            // Written is the file as it is, in one piece.
            if (file.Gzip || file.ChunkSizeBytes is not null || (file.SizeBytes is { } size && size != disk.FileSizeBytes))
                return $"it says that '{disk.FileName}' has {file.SizeBytes} bytes, or comes compressed or in chunks; it has {disk.FileSizeBytes} bytes";
            if (disks.FirstOrDefault(d => IsNamed(d.FileName, disk)) is not { } found || found.ParentId is not null)
                return $"it does not give the machine the disk '{disk.FileName}'";
            if (found.CapacityBytes != disk.Disk.CapacityBytes)
                return $"it says that the disk '{disk.FileName}' has {found.CapacityBytes} bytes; it has {disk.Disk.CapacityBytes}";
            // Bytes that are called a raw disk would be read as one.
            if (descriptor.FindDisk(found.Id)?.Format is not { } format || format.IndexOf("vmdk", StringComparison.OrdinalIgnoreCase) < 0)
                return $"it does not say that '{disk.FileName}' is a VMDK";
        }

        return null;
    }

    /// <summary>DSP0243, section 7.1: a reference is a URI, in which some characters are escaped; not every writer does that.</summary>
    private static bool IsNamed(string? href, OvfWrittenDisk disk) => href is not null && (href == disk.FileName || Uri.UnescapeDataString(href) == disk.FileName);

    private static OsMigrateException Bad(string server, string machine, string reason, Exception? inner)
        => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"The descriptor that {server} wrote of '{machine}' cannot be used: {Shown.Text(reason, 400)}.", machine, inner) { Advice = "Export without the host's descriptor: then a neutral one is written." };
}
