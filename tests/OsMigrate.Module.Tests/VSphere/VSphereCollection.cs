namespace OsMigrate.Module.Tests.VSphere;

/// <summary>Connections are the process's, so these tests run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = false)]
public sealed class VSphereCollection
{
    public const string Name = "vSphere";
}
