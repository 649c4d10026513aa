using OsMigrate.Bytes;

namespace OsMigrate.Guests;

/// <summary>What a Windows does when it starts for the first time on KVM: what cannot be done while it is switched off.</summary>
public sealed record FirstBootOptions
{
    private static readonly string[] ScriptKinds = [".cmd", ".bat", ".exe", ".ps1"];

    /// <summary>Full path of the QEMU guest agent's installer (.msi); null for none.</summary>
    public string? GuestAgentMsi { get; init; }

    /// <summary>Full paths of .cmd, .bat, .exe or .ps1 files, run once each in this order as the local system.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>Uninstall VMware Tools and what it leaves.</summary>
    public bool RemoveVMwareTools { get; init; } = true;

    /// <summary>Give the new adapters the fixed addresses of the old ones.</summary>
    public bool KeepStaticAddresses { get; init; } = true;

    /// <summary>Bring the disks online that are not the system's, where there are any.</summary>
    public bool OnlineDataDisks { get; init; } = true;

    /// <summary>Looks at the files that were given.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: one is of another kind; or it cannot be read.</exception>
    public void Check()
    {
        foreach (var script in Scripts)
        {
            if (!ScriptKinds.Contains(Path.GetExtension(script), StringComparer.OrdinalIgnoreCase))
                throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{script}' cannot be run at the first start: it must be a .cmd, .bat, .exe or .ps1 file.", script);
            using var content = FileStore.OpenRead(script);
        }

        if (GuestAgentMsi is null)
            return;
        using var msi = FileStore.OpenRead(GuestAgentMsi);
        // The signature of a compound file, which every .msi is. Source: Microsoft, [MS-CFB], 2.2.
        if (msi.Length < 512 || !msi.ReadBytes(0, 8).AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{GuestAgentMsi}' is no package of Windows Installer (.msi).", GuestAgentMsi);
    }
}
