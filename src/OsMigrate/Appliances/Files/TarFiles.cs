using OsMigrate.Appliances.Tar;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>An OVA: the package is a tar archive, and its files are windows into it.</summary>
internal sealed class TarFiles : PackageFiles
{
    private readonly ByteStore _archive;
    private readonly TarIndex _index;
    private readonly TarMember _descriptor;
    private readonly string _folder;

    /// <summary>Takes over <paramref name="archive"/> when it succeeds.</summary>
    public TarFiles(ByteStore archive)
    {
        _archive = archive;
        _index = TarIndex.Read(archive);
        var descriptors = _index.Members.Where(m => m.Name.EndsWith(".ovf", StringComparison.OrdinalIgnoreCase)).ToList();
        if (descriptors.Count != 1)
        {
            throw new InvalidImageException(ErrorIds.BadAppliance, archive.Name, -1, descriptors.Count == 0
                ? "the archive contains no OVF descriptor (a member that ends with .ovf), so it is no OVA"
                : $"the archive contains {descriptors.Count} OVF descriptors, and which one counts cannot be told");
        }

        _descriptor = descriptors[0];
        _folder = _descriptor.Name.Substring(0, _descriptor.Name.LastIndexOf('/') + 1);
    }

    /// <summary>True when the archive was not closed properly; its members are whole nevertheless.</summary>
    public bool EndMissing => _index.EndMissing;

    public override string DescriptorName => NameOf(_descriptor);

    public override string DescriptorFileName => _descriptor.Name.Substring(_folder.Length);

    public override ByteStore OpenDescriptor() => Window(_descriptor);

    public override ByteStore? TryOpen(string name)
    {
        var member = _index.Find(TarNames.Check(_folder + (name.StartsWith("./", StringComparison.Ordinal) ? name.Substring(2) : name), DescriptorName, -1));
        return member is null ? null : Window(member);
    }

    public override IEnumerable<string> NamesEndingWith(string extension)
        => _index.Members
            .Where(m => m.Name.StartsWith(_folder, StringComparison.Ordinal) && m.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            .Select(m => m.Name.Substring(_folder.Length))
            .Where(n => n.IndexOf('/') < 0);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _archive.Dispose();
    }

    private string NameOf(TarMember member) => $"{Shown.Text(member.Name)} in {Path.GetFileName(_archive.Name)}";

    private SliceStore Window(TarMember member) => new(_archive, member.Offset, member.SizeBytes, NameOf(member));
}
