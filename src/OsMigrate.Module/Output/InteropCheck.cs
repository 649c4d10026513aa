namespace OsMigrate.Module.Output;

/// <summary>Whether something that OsMigrate assumes of PowerCLI holds here.</summary>
public enum InteropState
{
    Holds,
    Fails,

    /// <summary>There was nothing to try it on.</summary>
    NotTried,
}

/// <summary>One assumption about PowerCLI, and what was found. Never shows a session's secret.</summary>
/// <param name="Check">Short name.</param>
/// <param name="Expected">What OsMigrate relies on.</param>
/// <param name="Found">What there is.</param>
/// <param name="Matters">What does not work where it fails.</param>
public sealed record InteropCheck(string Check, InteropState State, string Expected, string Found, string Matters);
