namespace OsMigrate.Migrations.Assessment;

/// <summary>What a rule says of a machine: it is so, it is not so, or nobody knows.</summary>
internal readonly record struct Finding(bool? Present, string Evidence)
{
    private const int MaxItems = 8;
    private const int MaxLength = 400;

    public static Finding Clear => new(false, "");

    public static Finding Unknown => new(null, "");

    public static Finding Because(string evidence) => new(true, Cut(evidence));

    /// <param name="present">Null when it is not known.</param>
    public static Finding When(bool? present, string evidence) => present switch { true => Because(evidence), false => Clear, null => Unknown };

    /// <summary>It is so when there is at least one.</summary>
    public static Finding Of(IEnumerable<string> evidence)
    {
        var all = evidence.ToList();
        return all.Count == 0 ? Clear : Because(string.Join("; ", all.Take(MaxItems)) + (all.Count > MaxItems ? $"; and {all.Count - MaxItems} more" : ""));
    }

    private static string Cut(string text) => text.Length > MaxLength ? text.Substring(0, MaxLength) + "..." : text;
}
