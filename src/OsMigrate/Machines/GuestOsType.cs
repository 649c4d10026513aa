namespace OsMigrate.Machines;

/// <summary>The broad kind of a guest system.</summary>
public enum GuestFamily
{
    /// <summary>The source does not say, or says something we do not know.</summary>
    Unknown,
    Windows,
    Linux,

    /// <summary>A known system that is neither: BSD, Solaris, macOS, DOS.</summary>
    Other,
}

/// <summary>What the source claims about the guest system. It is a claim of whoever made the machine; the disk itself knows better.</summary>
public sealed record GuestOsType
{
    public GuestFamily Family { get; init; }

    /// <summary>The vendor's own id: "windows2019srv_64Guest", "ubuntu-64", "Windows2016_64". Null when there is none.</summary>
    public string? VendorId { get; init; }

    /// <summary>The OS id of CIM_OperatingSystem.OSType, which OVF uses; null when there is none.</summary>
    public int? CimId { get; init; }

    /// <summary>x86_64, i686 or aarch64; null when not known.</summary>
    public string? Architecture { get; init; }

    /// <summary>A name for people: "Windows Server 2019". Null when not known.</summary>
    public string? Name { get; init; }

    /// <summary>Short name as Glance's os_distro wants it (libosinfo's): "windows", "rhel", "ubuntu". Null when not known.</summary>
    public string? Distro { get; init; }

    /// <summary>Version as Glance's os_version wants it: "2019", "8". Null when not known.</summary>
    public string? Version { get; init; }
}
