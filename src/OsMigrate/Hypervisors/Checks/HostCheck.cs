namespace OsMigrate.Hypervisors.Checks;

/// <summary>How a check came out.</summary>
public enum CheckState
{
    Passed,

    /// <summary>KVM runs, but something is slower or missing.</summary>
    Warning,

    /// <summary>KVM does not run because of this.</summary>
    Failed,

    /// <summary>It could not be seen; nothing is guessed.</summary>
    Unknown,

    /// <summary>Neither good nor bad.</summary>
    Information,
}

/// <summary>One thing looked at on a host.</summary>
/// <param name="Found">What there is, and by what it was seen.</param>
/// <param name="Cure">What to do about it; null when there is nothing to do.</param>
public sealed record HostCheck(string Check, CheckState State, string Found, string? Cure = null);
