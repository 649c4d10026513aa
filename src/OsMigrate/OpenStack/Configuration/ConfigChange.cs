namespace OsMigrate.OpenStack.Configuration;

/// <summary>A configuration file that was changed.</summary>
/// <param name="Backup">The file as it was before; null when none was asked for.</param>
/// <param name="Diff">The change as "diff -u" shows it, with secrets as stars.</param>
/// <param name="Notes">What else is to be done, or was decided on the way.</param>
public sealed record ConfigChange(string Node, ServiceName? Service, string Path, string? Backup, string Diff, IReadOnlyList<string> Notes);
