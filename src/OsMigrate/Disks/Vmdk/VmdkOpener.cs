using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Opens what a VMDK consists of: a sparse file with its descriptor inside, or a descriptor file with its extents beside it.</summary>
internal sealed class VmdkOpener(ByteStore store, Siblings siblings)
{
    // createType of what the extents themselves describe; anything else names a device or something newer than this reader.
    private static readonly string[] ReadTypes =
    [
        "monolithicSparse", "streamOptimized", "monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat", "vmfs", "vmfsSparse", "seSparse",
        "vmfsThin", "vmfsPreallocated", "vmfsEagerZeroedThick", "custom",
    ];

    private static readonly string[] DeviceTypes =
    [
        "fullDevice", "partitionedDevice", "vmfsRaw", "vmfsRDM", "vmfsRDMP", "vmfsRawDeviceMap", "vmfsPassthroughRawDeviceMap",
    ];

    private readonly List<VmdkExtent> _extents = [];

    /// <exception cref="InvalidImageException">The file breaks the format; everything opened on the way is closed, <c>store</c> is not.</exception>
    public VmdkImage Open()
    {
        var head = store.ReadBytes(0, (int)Math.Min(store.Length, VmdkFormat.SectorSize));
        try
        {
            if (VmdkDescriptor.Looks(head))
                return OpenDescriptorFile();
            var extent = OpenSparseFile(store, owned: true, out var header, out var descriptor);
            _extents.Add(extent);
            if (descriptor is null)
                throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "it has no descriptor of its own: it is one extent of a disk whose descriptor is another .vmdk file beside it");
            return Finish(descriptor, header, descriptorFile: null);
        }
        catch
        {
            foreach (var extent in _extents.Where(e => e is not VmdkSparseExtent { OwnsMainStore: true }))
                extent.Dispose();
            throw;
        }
    }

    private VmdkImage OpenDescriptorFile()
    {
        if (store.Length > VmdkDescriptor.MaxBytes)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, 0, $"a descriptor of {store.Length} bytes is larger than {VmdkDescriptor.MaxBytes}");
        var descriptor = VmdkDescriptor.Parse(store.ReadBytes(0, (int)store.Length), store.Name, 0);
        RequireReadable(descriptor);
        if (descriptor.Extents.Count == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, 0, "the descriptor lists no extent");
        foreach (var line in descriptor.Extents)
            _extents.Add(OpenExtent(line));
        if (_extents.Sum(e => (decimal)e.Length) > long.MaxValue)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, 0, "the extents together are larger than any disk");
        return Finish(descriptor, header: null, store);
    }

    private VmdkExtent OpenExtent(VmdkExtentLine line)
    {
        var length = line.Sectors * VmdkFormat.SectorSize;
        if (line.Kind == VmdkExtentKind.Zero)
            return new VmdkZeroExtent(length);
        var file = siblings.Open(line.FileName!, store.Name);
        try
        {
            if (line.Kind == VmdkExtentKind.Flat)
            {
                var start = line.OffsetSectors * VmdkFormat.SectorSize;
                if (start > file.Length - length)
                    throw new InvalidImageException(ErrorIds.Truncated, file.Name, file.Length, $"the extent needs {start + length} bytes, the file ends at {file.Length}");
                return new VmdkFlatExtent(file, start, length);
            }

            var extent = OpenSparseFile(file, owned: false, out _, out _);
            if (extent.Length != length)
                throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 0, $"the extent holds {extent.Length} bytes of the disk, the descriptor says {length}");
            return extent;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private VmdkSparseExtent OpenSparseFile(ByteStore file, bool owned, out VmdkSparseHeader? header, out VmdkDescriptor? descriptor)
    {
        header = null;
        descriptor = null;
        var head = file.ReadBytes(0, (int)Math.Min(file.Length, VmdkFormat.SectorSize));
        var extent = VmdkFormat.Magic(head) switch
        {
            VmdkMagic.Hosted => HostedExtent.Open(file, head, wantsDescriptor: owned, out header, out descriptor),
            VmdkMagic.Cowd => CowdExtent.Open(file, head),
            VmdkMagic.SeSparse => SeSparseExtent.Open(file, head),
            _ => throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 0, "it begins neither like a sparse extent (KDMV, COWD, seSparse) nor like a descriptor"),
        };
        extent.OwnsMainStore = owned;
        return extent;
    }

    private VmdkImage Finish(VmdkDescriptor? descriptor, VmdkSparseHeader? header, ByteStore? descriptorFile)
    {
        if (descriptor is not null)
            RequireReadable(descriptor);
        var parent = descriptor is { HasParent: true } ? OpenParent(descriptor) : null;
        var sparse = _extents.OfType<VmdkSparseExtent>().FirstOrDefault();
        var info = new DiskImageInfo
        {
            Subformat = descriptor?.CreateType ?? sparse switch
            {
                CowdExtent => "vmfsSparse",
                SeSparseExtent => "seSparse",
                VmdkCompressedExtent => "streamOptimized",
                _ => "monolithicSparse",
            },
            BlockSizeBytes = sparse?.GrainBytes,
            ParentName = descriptor is { HasParent: true } ? descriptor.ParentHint : null,
            Parent = parent?.Info,
            ExtentNames = descriptorFile is null ? [] : descriptor!.Extents.Select(e => e.FileName).OfType<string>().Distinct(StringComparer.Ordinal).ToList(),
            Features = Features(header),
            Notices = header is { UncleanShutdown: true } ? ["The image was not closed properly when it was last written."] : [],
        };
        return new VmdkImage(store.Name, _extents, parent, descriptor?.Cid, info, descriptorFile);
    }

    private DiskImage OpenParent(VmdkDescriptor descriptor)
    {
        if (descriptor.ParentHint is null)
            throw new InvalidImageException(ErrorIds.MissingSibling, store.Name, -1, "it is a delta, and it does not name its parent");
        // The hint may be the full path on the machine that made it; the parent is looked for beside the child, and nowhere else.
        var parent = siblings.OpenParent(Siblings.LastComponent(descriptor.ParentHint), store.Name, VmdkFormat.Instance);
        if (parent is VmdkImage { ContentId: { } id } && id != descriptor.ParentCid)
        {
            var reason = $"it is a delta of a disk with content id {descriptor.ParentCid:x8}, but '{Path.GetFileName(parent.Name)}' has {id:x8}: it was changed after the delta was made, or it is another disk";
            parent.Dispose();
            throw new InvalidImageException(ErrorIds.ParentMismatch, store.Name, -1, reason);
        }

        return parent;
    }

    private void RequireReadable(VmdkDescriptor descriptor)
    {
        if (DeviceTypes.Contains(descriptor.CreateType, StringComparer.OrdinalIgnoreCase))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, -1, $"its content lies on a device, not in a file (createType {descriptor.CreateType})");
        if (!ReadTypes.Contains(descriptor.CreateType, StringComparer.OrdinalIgnoreCase))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, -1, "its createType is not known; known are " + string.Join(", ", ReadTypes));
    }

    private static IReadOnlyList<string> Features(VmdkSparseHeader? header)
    {
        var features = new List<string>();
        if (header is { } h)
        {
            features.Add($"version {h.Version}");
            if (h.IsCompressed)
                features.Add("compressed");
            if (h.HasMarkers)
                features.Add("markers");
            if (h.HasZeroGrains)
                features.Add("zero grains");
        }

        return features;
    }
}
