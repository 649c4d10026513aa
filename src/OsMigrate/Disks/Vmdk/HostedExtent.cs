using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Opens a hosted sparse extent: header, or footer where the header points to it, embedded descriptor, tables.</summary>
internal static class HostedExtent
{
    private const int FooterFromEnd = 2 * VmdkFormat.SectorSize;
    private const int MaxDescriptorSectors = 2048;

    /// <param name="wantsDescriptor">False for an extent whose descriptor is another file: writers leave room for one inside, and not always empty.</param>
    public static VmdkSparseExtent Open(ByteStore file, ReadOnlySpan<byte> head, bool wantsDescriptor, out VmdkSparseHeader? header, out VmdkDescriptor? descriptor)
    {
        var first = VmdkSparseHeader.Parse(head, file.Name, 0);
        var used = first.DirectoryOffset == VmdkSparseHeader.AtEnd ? Footer(file, first) : first;
        header = used;
        descriptor = wantsDescriptor ? Descriptor(file, first) : null;
        var directory = used.DirectoryOffset != 0 ? used.DirectoryOffset : used.RedundantDirectoryOffset;
        if (directory is 0 or > VmdkFormat.MaxSectors)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 56, "the header does not say where the grain directory is");
        if (used.CapacitySectors == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 12, "the disk has no sectors");
        var grains = (used.CapacitySectors + used.GrainSectors - 1) / used.GrainSectors;
        var tables = new SectorGrainTables(file, (long)directory * VmdkFormat.SectorSize, used.TableEntries, grains, used.HasZeroGrains);
        return used.IsCompressed
            ? new VmdkCompressedExtent(file, tables, used.GrainBytes, used.CapacityBytes, used.HasMarkers)
            : new VmdkSparseExtent(file, tables, used.GrainBytes, used.CapacityBytes)
            {
                RedundantTables = Redundant(file, used, grains),
                OverheadBytes = used.OverheadSectors * VmdkFormat.SectorSize,
            };
    }

    private static SectorGrainTables? Redundant(ByteStore file, VmdkSparseHeader header, long grains)
    {
        if ((header.Flags & VmdkSparseHeader.FlagRedundantDirectory) == 0 || header.RedundantDirectoryOffset is 0 or > VmdkFormat.MaxSectors || header.DirectoryOffset == 0)
            return null;
        try
        {
            return new SectorGrainTables(file, (long)header.RedundantDirectoryOffset * VmdkFormat.SectorSize, header.TableEntries, grains, header.HasZeroGrains);
        }
        catch (InvalidImageException)
        {
            // A copy that is cut off helps nobody and harms nobody: the first directory counts.
            return null;
        }
    }

    private static VmdkSparseHeader Footer(ByteStore file, VmdkSparseHeader first)
    {
        var at = file.Length - FooterFromEnd;
        if (at < VmdkSparseHeader.Size || file.ReadBytes(at, 4) is var magic && !magic.AsSpan().SequenceEqual("KDMV"u8))
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, Math.Max(0, at), "the header says that a footer stands at the end of the file, and none does: the file is cut off");
        var footer = VmdkSparseHeader.Parse(file.ReadBytes(at, VmdkSparseHeader.Size), file.Name, at);
        if (footer.DirectoryOffset == VmdkSparseHeader.AtEnd)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, at + 56, "the footer points to a footer");
        if (footer.CapacitySectors != first.CapacitySectors || footer.GrainSectors != first.GrainSectors || footer.Flags != first.Flags)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, at, "header and footer do not agree about capacity, grain size or flags");
        return footer;
    }

    private static VmdkDescriptor? Descriptor(ByteStore file, VmdkSparseHeader header)
    {
        if (header.DescriptorOffset == 0 || header.DescriptorSectors == 0)
            return null;
        var at = header.DescriptorOffset * VmdkFormat.SectorSize;
        var size = header.DescriptorSectors * VmdkFormat.SectorSize;
        if (header.DescriptorSectors > MaxDescriptorSectors)
            throw new InvalidImageException(ErrorIds.TooLarge, file.Name, 36, $"an embedded descriptor of {header.DescriptorSectors} sectors is larger than {MaxDescriptorSectors}");
        if (at > file.Length - size)
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, at, $"the embedded descriptor reaches past the end of the file at {file.Length}");
        var bytes = file.ReadBytes(at, (int)size);
        if (bytes[0] == 0)
            return null;
        var descriptor = VmdkDescriptor.Parse(bytes, file.Name, at);
        if (descriptor.Extents.Count > 1)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, file.Name, at, "the embedded descriptor lists more than one extent");
        return descriptor;
    }
}
