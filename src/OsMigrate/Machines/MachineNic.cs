namespace OsMigrate.Machines;

/// <summary>A network adapter of a machine.</summary>
public sealed record MachineNic
{
    /// <summary>What the source calls it: "Network adapter 1".</summary>
    public string Label { get; init; } = "";

    /// <summary>Hardware address as aa:bb:cc:dd:ee:ff, or null when the source gives none (a new one would be made on import).</summary>
    public string? MacAddress { get; init; }

    /// <summary>Name of the network or port group, or null.</summary>
    public string? NetworkName { get; init; }

    /// <summary>Adapter model in lower case: vmxnet3, vmxnet2, e1000, e1000e, pcnet32, sriov ... Null when not stated.</summary>
    public string? Model { get; init; }

    /// <summary>Addresses that the source states for the guest; empty when it states none.</summary>
    public IReadOnlyList<string> IPAddresses { get; init; } = [];

    /// <summary>False when the adapter starts unplugged.</summary>
    public bool Connected { get; init; } = true;
}
