namespace OsMigrate.VSphere;

/// <summary>Names one object of a vCenter or host: "VirtualMachine", "vm-42". Means nothing on another server.</summary>
/// <remarks>vSphere Web Services API, ManagedObjectReference.</remarks>
public readonly record struct MoRef(string Type, string Value)
{
    /// <summary>True for the default value, which names nothing.</summary>
    public bool IsNone => string.IsNullOrEmpty(Value);

    /// <summary>"VirtualMachine-vm-42", PowerCLI's spelling.</summary>
    public override string ToString() => $"{Type}-{Value}";
}
