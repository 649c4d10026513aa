using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>The files of one package, by the names its descriptor uses: a folder or a tar archive.</summary>
/// <remarks>Stores that it opens are disposed by the caller, before the package.</remarks>
internal abstract class PackageFiles : IDisposable
{
    /// <summary>How to name the descriptor to a user.</summary>
    public abstract string DescriptorName { get; }

    /// <summary>The descriptor's file name without folders, as its manifest names it.</summary>
    public abstract string DescriptorFileName { get; }

    /// <summary>Opens the descriptor.</summary>
    public abstract ByteStore OpenDescriptor();

    /// <summary>Opens a file by a name relative to the descriptor; null when it is not there.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.OutsideFolder"/>: the name leads out of the package.</exception>
    public abstract ByteStore? TryOpen(string name);

    /// <summary>Names of files beside the descriptor with this ending, for the manifest and the certificate.</summary>
    public abstract IEnumerable<string> NamesEndingWith(string extension);

    /// <summary>Opens a file by a name relative to the descriptor, also when the name is percent-encoded as an URI.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.MissingMember"/>, <see cref="ErrorIds.OutsideFolder"/>.</exception>
    public ByteStore Open(string name)
    {
        if (name.IndexOf("://", StringComparison.Ordinal) > 0)
            throw new InvalidImageException(ErrorIds.UnsupportedAppliance, DescriptorName, -1, $"it names the file '{Shown.Text(name)}' by a network address; files are not fetched from there");
        return TryOpen(name) ?? OpenUnescaped(name)
            ?? throw new InvalidImageException(ErrorIds.MissingMember, DescriptorName, -1, $"it names the file '{Shown.Text(name)}', which is not in the package");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private ByteStore? OpenUnescaped(string name)
    {
        if (name.IndexOf('%') < 0)
            return null;
        var plain = Uri.UnescapeDataString(name);
        return string.Equals(plain, name, StringComparison.Ordinal) ? null : TryOpen(plain);
    }
}
