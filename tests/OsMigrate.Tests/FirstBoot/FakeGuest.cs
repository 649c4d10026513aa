using OsMigrate.FirstBoot;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FirstBoot;

/// <summary>A Windows that exists as a few files and answers, for the first-boot program to work on.</summary>
internal sealed class FakeGuest : IProcesses, IClock, IGuestRegistry, IAdapters, IDisposable
{
    private readonly TempFolder _temp = new();

    public FakeGuest(params string[] steps)
    {
        foreach (var folder in new[] { "w/System32/WindowsPowerShell/v1.0", "w/INF", "w/Drivers/VirtIO", "fb/scripts", "fb/packages" })
            Directory.CreateDirectory(_temp.File(folder));
        foreach (var tool in new[] { "pnputil", "msiexec", "sc", "netsh", "diskpart", "icacls", "shutdown", "cmd", "WindowsPowerShell/v1.0/powershell" })
            File.WriteAllText(_temp.File($"w/System32/{tool}.exe"), "");
        Plan(steps);
    }

    public string Folder => _temp.File("fb");

    /// <summary>"pnputil.exe /add-driver ..." in the order of the calls, without those of the program itself (icacls).</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Decides how a program ends; 0 otherwise.</summary>
    public Func<string, ProcessOutcome?> Answer { get; set; } = static _ => null;

    public DateTime UtcNow { get; set; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public bool IsStopping { get; set; }

    public int DiskCount { get; set; }

    public HashSet<string> Services { get; } = new(StringComparer.OrdinalIgnoreCase);

    public HashSet<string> Disabled { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<Adapter> Adapters { get; } = [];

    public bool IsWindows10 { get; set; } = true;

    public string Log => File.ReadAllText(Path.Combine(Folder, "log.txt"));

    public string Result => File.ReadAllText(Path.Combine(Folder, "result.txt"));

    public bool IsOver => File.Exists(Path.Combine(Folder, "result.txt"));

    public int Restarts => Count("shutdown.exe");

    public void Plan(params string[] steps) => File.WriteAllLines(Path.Combine(Folder, "plan.txt"), steps.Prepend("OsMigrate first boot plan 1\tid1"));

    public void Put(string path, string content = "") => File.WriteAllText(_temp.File(path), content);

    /// <summary>One start of the system.</summary>
    public bool Boot() => new FirstBootRun(new StepContext(Folder, _temp.File("w"), _temp.File("w/System32"), this, this, this, this) { IsWindows10 = IsWindows10 }).Run();

    /// <summary>A start of the system that ends while a program runs: from there on nothing reaches the disk.</summary>
    public void BootAndLosePowerAt(string call)
    {
        Dictionary<string, byte[]>? disk = null;
        var calls = 0;
        Answer = c =>
        {
            if (disk is null && c.Contains(call, StringComparison.Ordinal))
                (disk, calls) = (Directory.GetFiles(Folder).ToDictionary(f => f, File.ReadAllBytes, StringComparer.Ordinal), Calls.Count);
            return null;
        };
        Boot();
        Answer = static _ => null;
        Assert.NotNull(disk);
        Calls.RemoveRange(calls, Calls.Count - calls);
        foreach (var file in Directory.GetFiles(Folder))
            File.Delete(file);
        foreach (var (file, content) in disk)
            File.WriteAllBytes(file, content);
    }

    public int Count(string start) => Calls.Count(c => c.StartsWith(start, StringComparison.Ordinal));

    public ProcessOutcome Run(string file, string arguments, string folder, string outputFile, int limitSeconds)
    {
        var call = $"{Path.GetFileName(file)} {arguments}".Replace(_temp.Path, "", StringComparison.Ordinal).Trim();
        if (!call.StartsWith("icacls.exe", StringComparison.Ordinal))
            Calls.Add(call);
        return Answer(call) ?? ProcessOutcome.Exited(0);
    }

    public void Wait(int seconds) => UtcNow = UtcNow.AddSeconds(seconds);

    public bool ServiceExists(string name) => Services.Contains(name);

    public void DisableService(string name) => Disabled.Add(name);

    public List<Adapter> Present() => [.. Adapters];

    public void Dispose() => _temp.Dispose();
}
