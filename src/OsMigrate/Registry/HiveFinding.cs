namespace OsMigrate.Registry;

public enum HiveSeverity
{
    /// <summary>Nothing wrong: space that nobody uses, for example.</summary>
    Remark,

    /// <summary>Out of the ordinary, but Windows and other readers live with it.</summary>
    Warning,

    /// <summary>Breaks the format: Windows may refuse the hive, repair it, or not find a key.</summary>
    Error,
}

/// <summary>One thing a check of a hive noticed.</summary>
/// <param name="Offset">Bytes from the beginning of the file.</param>
/// <param name="What">A sentence without its full stop.</param>
/// <param name="Key">Path of the key concerned, or null.</param>
public sealed record HiveFinding(HiveSeverity Severity, long Offset, string What, string? Key);
