using OsMigrate.Migrations.Sources;

namespace OsMigrate.Module.Output;

/// <summary>A machine that was written to files.</summary>
public sealed class ExportedMachine
{
    internal ExportedMachine(string name, string server, IReadOnlyList<ExportedFile> files, TimeSpan duration)
    {
        Name = name;
        Server = server;
        Files = files;
        Path = files[0].Path;
        SizeBytes = files.Sum(static f => f.SizeBytes);
        Duration = duration;
    }

    public string Name { get; }

    public string Server { get; }

    /// <summary>Full path of the appliance, or of the first disk: what Convert-ToOpenStack takes.</summary>
    public string Path { get; }

    /// <summary>All files together.</summary>
    public long SizeBytes { get; }

    public IReadOnlyList<ExportedFile> Files { get; }

    public TimeSpan Duration { get; }
}
