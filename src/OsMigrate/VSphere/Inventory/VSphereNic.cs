namespace OsMigrate.VSphere.Inventory;

/// <summary>A network adapter of a machine in vSphere.</summary>
public sealed record VSphereNic
{
    /// <summary>Key of the device within its machine: 4000 and so on.</summary>
    public int Key { get; init; }

    public string Label { get; init; } = "";

    /// <summary>aa:bb:cc:dd:ee:ff; null when it gets one at power-on.</summary>
    public string? MacAddress { get; init; }

    /// <summary>vmxnet3, e1000, e1000e, sriov ...; null when not known.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the port group or network; null when it is none's.</summary>
    public string? NetworkName { get; init; }

    /// <summary>What VMware Tools tells; empty when it does not.</summary>
    public IReadOnlyList<string> IPAddresses { get; init; } = [];

    public bool StartsConnected { get; init; } = true;
}
