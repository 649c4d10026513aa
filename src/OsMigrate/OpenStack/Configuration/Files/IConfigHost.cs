namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>A machine, or a copy of one, whose configuration files are read and written: this machine, a folder, a host behind SSH.</summary>
internal interface IConfigHost : IDisposable
{
    /// <summary>Null when it is known only file by file (folders of many machines).</summary>
    string? Node { get; }

    /// <summary>True for a file or folder that is there.</summary>
    bool IsFolder(string path, CancellationToken cancel);

    /// <summary>Names of what is in a folder; empty when there is no such folder.</summary>
    IReadOnlyList<ConfigEntry> List(string folder, CancellationToken cancel);

    /// <summary>The content and the rights of a file.</summary>
    /// <exception cref="Bytes.OsMigrateException">It is not there, may not be read, or is larger than any configuration.</exception>
    ConfigContent Read(string path, CancellationToken cancel);

    /// <summary>Puts a new file into the place of the old one in one step, with the old one's rights; the old one stays under the backup's name when one is given.</summary>
    /// <exception cref="Bytes.OsMigrateException">The file is no longer what was read, or cannot be written; then nothing was changed.</exception>
    void Replace(string path, byte[] before, byte[] after, string? backup, CancellationToken cancel);
}

/// <summary>What is in a folder.</summary>
/// <param name="Name">Without folder.</param>
internal readonly record struct ConfigEntry(string Name, bool IsFolder);

/// <summary>A file as it was read.</summary>
/// <param name="Mode">Permission bits of Unix; null where there are none.</param>
internal sealed record ConfigContent(byte[] Bytes, int? Mode);
