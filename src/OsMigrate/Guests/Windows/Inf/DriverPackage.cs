using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>What an INF says about its driver.</summary>
public sealed record DriverPackage
{
    /// <summary>The file's name, such as "viostor.inf".</summary>
    public required string InfName { get; init; }

    public string Provider { get; init; } = "";

    /// <summary>The setup class by name, such as "SCSIAdapter".</summary>
    public string Class { get; init; } = "";

    public Guid ClassGuid { get; init; }

    /// <summary>The day in DriverVer; null where none is given.</summary>
    public DateTime? DriverDate { get; init; }

    /// <summary>The version in DriverVer; null where none is given.</summary>
    public Version? DriverVersion { get; init; }

    /// <summary>The catalogue with the signatures; null where none is named. <see cref="CatalogFileFor"/> knows decorated ones.</summary>
    public string? CatalogFile { get; init; }

    /// <summary>Each line of each models section, in the order of the file.</summary>
    public IReadOnlyList<DriverModel> Models { get; init; } = [];

    /// <summary>Files of the package with the folder on the medium below the INF's own; empty for most.</summary>
    public IReadOnlyDictionary<string, string> SourceFiles { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The texts for tokens, in English where there are several languages. Names are compared without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Strings { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The architectures that the models name; empty where they name none.</summary>
    public IReadOnlyList<string> Architectures => [.. Models.Select(static m => m.Decoration?.Architecture).OfType<string>().Distinct().OrderBy(static a => a, StringComparer.Ordinal)];

    internal InfDocument Document { get; init; } = null!;

    /// <exception cref="InvalidImageException">It is no INF file, or of no possible size.</exception>
    public static DriverPackage Read(ByteStore inf, string name) => PackageReader.Read(InfDocument.Read(inf, name));

    /// <summary>The catalogue for an architecture. Microsoft, "INF Version Section": CatalogFile.ntamd64 and so on.</summary>
    public string? CatalogFileFor(string architecture)
        => Document.Value("Version", "CatalogFile.nt" + architecture) ?? Document.Value("Version", "CatalogFile.nt") ?? CatalogFile;

    /// <summary>The models that count on a system: those of the manufacturer's sections that fit it best.</summary>
    public IReadOnlyList<DriverModel> ModelsFor(TargetSystem target) => PackageReader.Choose(Models, target);

    /// <summary>What is installed for a model on a system.</summary>
    /// <exception cref="InvalidImageException">The section is larger than any driver's.</exception>
    public DriverInstall InstallFor(DriverModel model, TargetSystem target) => InstallReader.Read(Document, model.InstallSection, target);
}

/// <summary>A device that a driver is for.</summary>
public sealed record DriverModel
{
    /// <summary>The manufacturer as it stands, for example <c>%VENDOR%</c>.</summary>
    public required string ManufacturerToken { get; init; }

    public required string Manufacturer { get; init; }

    /// <summary>The description as it stands, for example <c>%VioStorScsi.DeviceDesc%</c>.</summary>
    public required string DescriptionToken { get; init; }

    public required string Description { get; init; }

    /// <summary>The undecorated name of the section that installs it.</summary>
    public required string InstallSection { get; init; }

    /// <summary>Such as <c>PCI\VEN_1AF4&amp;DEV_1001&amp;SUBSYS_00021AF4&amp;REV_00</c>; empty where only compatible ids are given.</summary>
    public required string HardwareId { get; init; }

    public IReadOnlyList<string> CompatibleIds { get; init; } = [];

    /// <summary>For which systems the models section is; null for any.</summary>
    public TargetDecoration? Decoration { get; init; }
}
