using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>Finds and applies the manifest of a package.</summary>
/// <remarks>A manifest that cannot be read does not keep the package from being looked at; verifying it then fails with the reason.</remarks>
internal sealed class PackageManifest
{
    private readonly PackageFiles _files;
    private readonly IReadOnlyList<ManifestEntry> _entries = [];
    private readonly OsMigrateException? _fault;

    public PackageManifest(PackageFiles files)
    {
        _files = files;
        if (files.NamesEndingWith(".cert").Any())
            Warnings.Add("The package is signed; its signature is not checked.");
        if (Find() is not { } name)
            return;
        Present = true;
        try
        {
            using var store = files.Open(name);
            _entries = Manifest.Parse(store);
        }
        catch (InvalidImageException e)
        {
            _fault = e;
            Warnings.Add($"The manifest cannot be used. {e.Message}");
        }
    }

    public bool Present { get; }

    public List<string> Warnings { get; } = [];

    public long Length(HashSet<string>? names)
    {
        long total = 0;
        foreach (var entry in Chosen(names))
        {
            using var store = _files.TryOpen(entry.Name);
            total += store?.Length ?? 0;
        }

        return total;
    }

    public void Verify(HashSet<string>? names, IProgress<long>? progress, CancellationToken cancel)
    {
        if (_fault is not null)
            throw _fault;
        var check = new ManifestCheck(_files, progress, cancel);
        foreach (var entry in Chosen(names))
            check.Verify(entry);
    }

    private IEnumerable<ManifestEntry> Chosen(HashSet<string>? names)
        => _entries.Where(e => names is null || names.Contains(e.Name) || names.Contains(Uri.UnescapeDataString(e.Name)));

    /// <summary>The manifest has the descriptor's name; a single one with another name is taken too.</summary>
    private string? Find()
    {
        var all = _files.NamesEndingWith(".mf").ToList();
        var expected = Path.ChangeExtension(_files.DescriptorFileName, ".mf");
        return all.FirstOrDefault(n => n.Equals(expected, StringComparison.OrdinalIgnoreCase)) ?? (all.Count == 1 ? all[0] : null);
    }
}
