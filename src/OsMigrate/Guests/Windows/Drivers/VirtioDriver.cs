using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.Guests.Windows.Inf;

namespace OsMigrate.Guests.Windows.Drivers;

/// <summary>One driver as a medium offers it for one release and architecture.</summary>
public sealed record VirtioDriver
{
    /// <summary>The project's name for it in small letters: viostor, vioscsi, netkvm, balloon, vioserial and so on.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the release in small letters, such as "2k19"; null where the path names none and the INF alone decides.</summary>
    public string? ReleaseFolder { get; init; }

    /// <summary>x86, amd64 or arm64; null where neither path nor INF name one.</summary>
    public string? Architecture { get; init; }

    /// <summary>Where it lies on the medium, with slashes: "/viostor/2k19/amd64".</summary>
    public required string Folder { get; init; }

    public required string InfName { get; init; }

    /// <summary>Everything that belongs to it, the INF first. Debug symbols are left out.</summary>
    public required IReadOnlyList<FileEntry> Files { get; init; }

    /// <summary>What the INF says; null where it cannot be read.</summary>
    public DriverPackage? Package { get; init; }

    /// <summary>Why the INF cannot be read; null where it can.</summary>
    public string? Fault { get; init; }

    /// <summary>Without it Windows does not boot, or has no network, on KVM.</summary>
    public bool IsEssential => Name is "viostor" or "vioscsi" or "netkvm";

    /// <summary>A file of the package by its name, without regard to case.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.DriverPackage"/>: it is not there.</exception>
    public FileEntry File(string name)
        => Files.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new OsMigrateException(ErrorIds.DriverPackage, ErrorKind.NotFound, $"The driver {Name} in '{Folder}' lacks the file '{name}'.", name);
}

/// <summary>The driver chosen for a guest, and why.</summary>
/// <param name="Reason">One sentence: made for this release, or in whose place.</param>
/// <param name="Caution">What may go wrong with it; null for nothing known.</param>
public sealed record VirtioChoice(VirtioDriver Driver, string Reason, bool IsFallback, string? Caution);
