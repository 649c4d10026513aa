namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Consecutive clusters of an attribute.</summary>
/// <param name="Vcn">First cluster, counted within the attribute.</param>
/// <param name="Lcn">First cluster on the volume; -1 for a hole, which reads as zeros.</param>
/// <param name="Count">Clusters, at least 1.</param>
internal readonly record struct Run(long Vcn, long Lcn, long Count)
{
    public const long Hole = -1;

    public bool IsHole => Lcn == Hole;

    /// <summary>First cluster of the attribute after the run.</summary>
    public long End => Vcn + Count;
}
