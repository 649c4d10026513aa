using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ntfs.Checking;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>What of a volume belongs to nothing.</summary>
public sealed partial class NtfsVolume : IFreeSpaceProof
{
    // Windows names the store of a shadow copy after this provider, Microsoft's own.
    private const string ShadowProvider = "{3808876b-c176-4e48-b7ae-04046e6cc752}";

    /// <inheritdoc/>
    public string? FreeSpaceDoubt
    {
        get
        {
            if (Version.Major != 3)
                return $"is NTFS {Version}";
            if (IsDirty)
                return "is marked for a check";
            if (LogFile is not (LogFileState.Clean or LogFileState.Empty))
                return "was not unmounted in order";
            if (Hibernation == HibernationState.Hibernated)
                return "holds a sleeping Windows (hibernation or fast startup)";
            return HasShadowCopies ? "has shadow copies, which need what was deleted since" : null;
        }
    }

    /// <summary>Previous versions and restore points: their blocks are copied away only when they are overwritten, and lie in free clusters until then.</summary>
    /// <remarks>Source: libvshadow documentation, "Volume Shadow Snapshot (VSS) format", "Store".</remarks>
    private bool HasShadowCopies
        => Find("System Volume Information") is { IsFolder: true } folder && folder.Children().Any(static f => f.Name.EndsWith(ShadowProvider, StringComparison.OrdinalIgnoreCase) && f.Name.Length > ShadowProvider.Length);

    /// <inheritdoc/>
    public IEnumerable<Extent> FreeExtents(CancellationToken cancel)
        => ClusterBitmap.FreeRuns(this, cancel).Select(r => new Extent(r.First * ClusterSizeBytes, r.Count * ClusterSizeBytes, ExtentKind.Zero));

    /// <inheritdoc/>
    public string? FreeSpaceContradiction(CancellationToken cancel) => FreeSpaceScan.Run(this, cancel);
}
