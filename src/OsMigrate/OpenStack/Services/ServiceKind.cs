namespace OsMigrate.OpenStack.Services;

/// <summary>A service that is used, and how catalogues and clouds.yaml name it.</summary>
/// <remarks>Types and their older names: OpenStack service-types-authority. Microversion headers: API special interest group, "Microversion specification".</remarks>
public sealed record ServiceKind
{
    public static ServiceKind Image { get; } = new() { Name = "Glance", Types = ["image"], Version = "v2" };

    /// <summary>Newest microversion that was tried: 2.93, that of the Zed release.</summary>
    public static ServiceKind Compute { get; } = new() { Name = "Nova", Types = ["compute"], Version = "v2.1", MicroversionName = "compute", Newest = new Microversion(2, 93) };

    /// <summary>Newest microversion that was tried: 3.70, that of the Zed release.</summary>
    public static ServiceKind Volume { get; } = new()
    {
        Name = "Cinder", Types = ["block-storage", "block-store", "volumev3", "volume"], Version = "v3", MicroversionName = "volume", Newest = new Microversion(3, 70),
    };

    public static ServiceKind Network { get; } = new() { Name = "Neutron", Types = ["network"], Version = "v2.0" };

    /// <summary>Newest microversion that was tried: 1.39, that of the Zed release. Its API begins at the endpoint itself.</summary>
    public static ServiceKind Placement { get; } = new() { Name = "Placement", Types = ["placement"], Version = "v1", MicroversionName = "placement", Newest = new Microversion(1, 39), HasVersionInPath = false };

    public static ServiceKind Identity { get; } = new() { Name = "Keystone", Types = ["identity"], Version = "v3" };

    public static IReadOnlyList<ServiceKind> All { get; } = [Image, Compute, Volume, Network, Placement, Identity];

    /// <summary>The name administrators know.</summary>
    public required string Name { get; init; }

    /// <summary>Service types, the official one first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The path segment of the API's version.</summary>
    public required string Version { get; init; }

    /// <summary>The service's word in OpenStack-API-Version; null where there are no microversions.</summary>
    public string? MicroversionName { get; init; }

    public Microversion Newest { get; init; }

    /// <summary>False where the version is in no address, only in the version document.</summary>
    public bool HasVersionInPath { get; init; } = true;

    /// <summary>The number behind the v: "2" of "v2.1".</summary>
    internal string Major => Version.Substring(1, 1);
}
