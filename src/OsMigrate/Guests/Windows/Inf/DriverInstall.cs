namespace OsMigrate.Guests.Windows.Inf;

/// <summary>What one DDInstall section and those that go with it ask for.</summary>
public sealed record DriverInstall
{
    /// <summary>The section that was chosen, with its decoration: "scsi_inst" or "VirtioSerial_Device.NT".</summary>
    public required string Section { get; init; }

    public IReadOnlyList<DriverFileCopy> Files { get; init; } = [];

    /// <summary>AddReg of the section itself: HKR is the driver's key under Control\Class.</summary>
    public IReadOnlyList<RegistryAddition> Registry { get; init; } = [];

    /// <summary>AddReg of the section .HW: HKR is the device's key under Enum (and DriverPackages\...\Configurations\...\Device).</summary>
    public IReadOnlyList<RegistryAddition> HardwareRegistry { get; init; } = [];

    public IReadOnlyList<DriverService> Services { get; init; } = [];

    /// <summary>Other INF files that are asked for (Include), which are Windows' own.</summary>
    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>Sections of those files that are asked for (Needs); one that is in this file is part of the result already.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The service of the device's function driver; null where none is.</summary>
    public DriverService? FunctionService => Services.FirstOrDefault(static s => s.IsFunctionDriver) ?? Services.FirstOrDefault();
}

/// <summary>A file and where it goes.</summary>
/// <param name="Source">Its name on the medium.</param>
/// <param name="Target">Its name when installed.</param>
/// <param name="Directory">Where it goes.</param>
/// <param name="Flags">COPYFLG_* as they stand.</param>
public sealed record DriverFileCopy(string Source, string Target, InfDirectory Directory, uint Flags);

/// <summary>A folder by its number, and a subfolder of it. Microsoft, "Using Dirids".</summary>
/// <param name="Id">12 is the folder of the drivers, 13 the package's own in the driver store.</param>
/// <param name="SubFolder">Empty for none; backslashes.</param>
/// <param name="Text">The number as it stands, where it is none.</param>
public sealed record InfDirectory(uint? Id, string SubFolder, string Text = "")
{
    /// <summary>The path below the Windows folder; null where the folder is not there, or only known while installing.</summary>
    public string? BelowWindows => Base is not { } path ? null : path.Length == 0 ? SubFolder : SubFolder.Length == 0 ? path : $@"{path}\{SubFolder}";

    private string? Base => Id switch
    {
        10 or 16420 => "",
        11 or 16421 => "System32",
        12 => @"System32\drivers",
        16425 => "SysWOW64",
        17 => "INF",
        18 => "Help",
        20 => "Fonts",
        51 => @"System32\spool",
        52 => @"System32\spool\drivers",
        // The templates of the virtio drivers name it so.
        null when Text.Trim('%') == "INX_PLATFORM_DRIVERS_DIR" => @"System32\drivers",
        _ => null,
    };

    /// <summary>True for the package's own folder in the driver store, where files stay that are not copied.</summary>
    public bool IsDriverStore => Id == 13;
}

/// <summary>A service that a driver installs. Microsoft, "INF AddService Directive".</summary>
public sealed record DriverService
{
    public required string Name { get; init; }

    /// <summary>SPSVCINST_* as they stand.</summary>
    public uint Flags { get; init; }

    /// <summary>The device's own driver: SPSVCINST_ASSOCSERVICE.</summary>
    public bool IsFunctionDriver => (Flags & 2) != 0;

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public uint ServiceType { get; init; }

    /// <summary>0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled.</summary>
    public uint StartType { get; init; }

    public uint ErrorControl { get; init; }

    /// <summary>As it stands, for example <c>%12%\viostor.sys</c>.</summary>
    public required string ServiceBinary { get; init; }

    /// <summary>Where the binary lies, and its name.</summary>
    public InfDirectory? BinaryDirectory { get; init; }

    public string BinaryName { get; init; } = "";

    public string? LoadOrderGroup { get; init; }

    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>The account; null for the default.</summary>
    public string? StartName { get; init; }

    /// <summary>A security descriptor as text; null for the default.</summary>
    public string? Security { get; init; }

    public uint? BootFlags { get; init; }

    public uint? DelayedAutoStart { get; init; }

    /// <summary>HKR is the service's key.</summary>
    public IReadOnlyList<RegistryAddition> Registry { get; init; } = [];

    /// <summary>The name under Services\EventLog\TYPE; null where no event log is set up.</summary>
    public string? EventLogName { get; init; }

    /// <summary>"System" unless the INF says otherwise.</summary>
    public string EventLogType { get; init; } = "System";

    /// <summary>HKR is the event log's key.</summary>
    public IReadOnlyList<RegistryAddition> EventLogRegistry { get; init; } = [];
}
