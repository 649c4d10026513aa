using System.IO;

namespace OsMigrate.FirstBoot;

/// <summary>What steps work with.</summary>
public sealed class StepContext
{
    private int _outputs;

    public StepContext(string folder, string windowsFolder, string systemFolder, IProcesses processes, IClock clock, IGuestRegistry registry, IAdapters adapters)
    {
        Folder = folder;
        WindowsFolder = windowsFolder;
        SystemFolder = systemFolder;
        Processes = processes;
        Clock = clock;
        Registry = registry;
        Adapters = adapters;
        Log = new LogFile(Path.Combine(folder, "log.txt"), clock);
    }

    /// <summary>Where plan, state, scripts and logs are.</summary>
    public string Folder { get; }

    /// <summary>"C:\Windows".</summary>
    public string WindowsFolder { get; }

    /// <summary>The folder with the system's own programs of the machine's native kind.</summary>
    public string SystemFolder { get; }

    public IProcesses Processes { get; }

    public IClock Clock { get; }

    public IGuestRegistry Registry { get; }

    public IAdapters Adapters { get; }

    public LogFile Log { get; }

    /// <summary>Windows 10 or later: pnputil knows /add-driver.</summary>
    public bool IsWindows10 { get; set; }

    public string ScriptFolder => Path.Combine(Folder, "scripts");

    public string PackageFolder => Path.Combine(Folder, "packages");

    /// <summary>Runs a program of the system and logs how it ended.</summary>
    public ProcessOutcome RunTool(string name, string arguments, int limitSeconds)
        => Run(Path.Combine(SystemFolder, name), arguments, Folder, limitSeconds);

    public ProcessOutcome Run(string file, string arguments, string folder, int limitSeconds)
    {
        var logs = Path.Combine(Folder, "logs");
        Directory.CreateDirectory(logs);
        var output = Path.Combine(logs, Clock.UtcNow.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture) + "-" + Texts.Number(++_outputs) + "-" + Path.GetFileNameWithoutExtension(file) + ".txt");
        if (!File.Exists(file))
        {
            var missing = ProcessOutcome.NotStarted("'" + file + "' does not exist");
            Log.Write(missing.Text);
            return missing;
        }

        var outcome = Processes.Run(file, arguments, folder, output, limitSeconds);
        Log.Write(Texts.Quoted(file) + " " + arguments + ": " + outcome.Text);
        return outcome;
    }
}
