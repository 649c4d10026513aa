using OsMigrate.Bytes;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Machines;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Sources;

/// <summary>Gives a machine of vSphere back: removes our snapshots, and after a failure brings it into the state it had.</summary>
internal sealed class SourceRelease(VSphereSession session, VSphereOrigin origin, ISourceNotes notes, CancellationToken cancel)
{
    private readonly MoRef _machine = new("VirtualMachine", origin.MachineId);

    /// <summary>Removes every snapshot of our name, also one whose making was not noted because the answer was lost.</summary>
    public void RemoveSnapshots()
    {
        var snapshots = new MachineSnapshots(session, cancel);
        foreach (var snapshot in snapshots.Named(_machine, origin.SnapshotName))
        {
            notes.Log($"Removing the snapshot '{snapshot.Name}' ({snapshot.Id}) of '{origin.MachineName}'.", SourceSteps.Snapshot);
            snapshots.Remove(snapshot);
        }
    }

    /// <summary>Takes everything back.</summary>
    public void Undo()
    {
        RemoveSnapshots();
        new SourceMark(session, origin, notes, cancel).TakeBack();
        if (notes.Get(SourceSteps.Power) is not null && origin.PowerState == "poweredOn")
        {
            notes.Log($"Switching '{origin.MachineName}' on again.", SourceSteps.Power);
            new MachinePower(session, cancel).PowerOn(_machine, origin.MachineName);
        }

        RemoveFiles(origin);
    }

    /// <summary>Removes what lies in the work folder.</summary>
    public static void RemoveFiles(VSphereOrigin origin)
    {
        if (!Directory.Exists(origin.WorkFolder))
            return;
        try
        {
            foreach (var file in Directory.EnumerateFiles(origin.WorkFolder).Where(static f => SourceSteps.IsOurs(Path.GetFileName(f))).ToList())
                File.Delete(file);
            if (!Directory.EnumerateFileSystemEntries(origin.WorkFolder).Any())
                Directory.Delete(origin.WorkFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, origin.WorkFolder, "delete");
        }
    }
}

/// <summary>Names of what is noted of a source, and of the files in its work folder.</summary>
internal static class SourceSteps
{
    /// <summary>The machine is being shut down by us.</summary>
    public const string Power = "power";

    /// <summary>Our snapshot is there.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>All disks lie in the work folder: the source is not needed any more.</summary>
    public const string Fetched = "fetched";

    /// <summary>The machine has the name that it was to get after the move.</summary>
    public const string Renamed = "renamed";

    /// <summary>The machine has the tag that it was to get after the move.</summary>
    public const string Tagged = "tagged";

    /// <summary>A disk as it was fetched: streamOptimized VMDK from a lease, raw from ranges.</summary>
    public static string FileName(int disk) => FormattableString.Invariant($"disk{disk}.img");

    /// <summary>Rounds of a warm migration that are done: change ids, and what each round read.</summary>
    public const string Rounds = "rounds";

    public static bool IsOurs(string fileName)
        => fileName.StartsWith("disk", StringComparison.Ordinal) && (fileName.EndsWith(".img", StringComparison.Ordinal) || fileName.EndsWith(FileSink.PartialSuffix, StringComparison.Ordinal));
}
