using OsMigrate.Appliances.Files;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>An OVF descriptor with its files, in a folder (OVF) or in a tar archive (OVA).</summary>
internal sealed class OvfPackage : Appliance
{
    private readonly PackageFiles _files;
    private readonly OvfDescriptor _descriptor;
    private readonly OvfContents _contents;
    private readonly PackageManifest _manifest;

    /// <summary>Takes over <paramref name="files"/> when it succeeds.</summary>
    public OvfPackage(string path, string kind, PackageFiles files)
        : base(path, kind)
    {
        _files = files;
        using (var store = files.OpenDescriptor())
            _descriptor = OvfDescriptor.Read(store);
        _manifest = new PackageManifest(files);
        _contents = new OvfContents(files, _descriptor, () => SpoolFolder);
        _descriptor.Warnings.AddRange(_manifest.Warnings);
        if (files is TarFiles { EndMissing: true })
            _descriptor.Warnings.Add("The archive lacks its end marks; its members are whole.");
    }

    public override IReadOnlyList<Machine> Machines => _descriptor.Machines;

    public override IReadOnlyList<string> Warnings => _descriptor.Warnings;

    public override bool HasManifest => _manifest.Present;

    public override DiskImage OpenDisk(MachineDisk disk, CancellationToken cancel = default) => _contents.OpenDisk(Find(disk), cancel);

    public override long BytesToVerify(MachineDisk? disk) => _manifest.Length(NamesOf(disk));

    public override void VerifyFiles(MachineDisk? disk, IProgress<long>? bytes, CancellationToken cancel)
        => _manifest.Verify(NamesOf(disk), bytes, cancel);

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _contents.Dispose();
        _files.Dispose();
    }

    private OvfDisk Find(MachineDisk disk)
        => _descriptor.FindDisk(disk.Id)
            ?? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Path}' has no disk with the id '{Shown.Text(disk.Id)}'.", Path);

    /// <summary>What the manifest may call the descriptor and the files of a disk and its parents; null for everything.</summary>
    private HashSet<string>? NamesOf(MachineDisk? disk)
    {
        if (disk is null)
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal) { _files.DescriptorFileName };
        for (var at = Find(disk); at is not null; at = at.ParentRef is null ? null : _descriptor.FindDisk(at.ParentRef))
        {
            if (at.FileRef is not null)
                names.UnionWith(_contents.NamesOf(_descriptor.Files[at.FileRef]));
        }

        return names;
    }
}
