using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>Keeps a fault of ours from reaching a guest: an edited hive is checked before its bytes are handed out.</summary>
internal static class SelfCheck
{
    /// <param name="before">The hive as loaded; faults it had already are not held against the result. Null when nothing was edited.</param>
    public static void Run(HiveImage? before, HiveImage after)
    {
        var report = HiveCheck.Run(after);
        if (report.IsSound)
            return;
        var known = new HashSet<string>(HiveCheck.Run(before ?? after).Findings.Select(Identity));
        foreach (var finding in report.Findings)
        {
            if (finding.Severity == HiveSeverity.Error && !known.Contains(Identity(finding)))
                throw Refusal(after, finding);
        }
    }

    // Offsets move and numbers in the text change with edits elsewhere; the key and the kind of fault stay.
    private static string Identity(HiveFinding finding)
        => finding.Key + "\n" + new string(finding.What.Where(c => c is < '0' or > '9').ToArray());

    private static OsMigrateException Refusal(HiveImage image, HiveFinding finding)
        => new(
            ErrorIds.RegistrySelfCheck,
            ErrorKind.IntegrityFailure,
            $"The changed hive '{image.Name}' did not pass its own check and was not written: {finding.What} (key '{finding.Key}', offset {finding.Offset}).",
            image.Name);
}
