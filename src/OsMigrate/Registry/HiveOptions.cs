namespace OsMigrate.Registry;

/// <summary>How a hive is loaded and edited.</summary>
public sealed record HiveOptions
{
    /// <summary>Refuse a hive that was not written out completely, even where its logs could complete it.</summary>
    public bool RefuseDirty { get; init; }

    /// <summary>The time written into edited keys and the header; null takes the time of each edit.</summary>
    public DateTime? Timestamp { get; init; }
}
