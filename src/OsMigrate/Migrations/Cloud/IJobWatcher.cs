using OsMigrate.Disks.Copying;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Is told how a job goes on. Called from any thread.</summary>
public interface IJobWatcher
{
    /// <summary>A copy is under way.</summary>
    void Copying(string activity, CopyProgress progress);

    /// <summary>Something is waited for.</summary>
    void Waiting(string activity, string state);

    /// <summary>Something the user should know.</summary>
    void Warn(string text);
}
