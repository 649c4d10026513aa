using OsMigrate.Hypervisors.Kvm;

namespace OsMigrate.Hypervisors;

/// <summary>Where the facts about a host come from.</summary>
public enum HostSource
{
    /// <summary>The machine that runs this.</summary>
    Local,

    /// <summary>A login over SSH.</summary>
    Ssh,

    /// <summary>A folder with copies of a host's files, as in a support bundle.</summary>
    Folder,

    /// <summary>A cloud's own word about its compute hosts.</summary>
    Cloud,
}

/// <summary>What was read from a host, before anything is concluded from it: files, folders, answers of commands, what the processor and /dev/kvm said.</summary>
public sealed class HostFacts
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);

    public required string Name { get; init; }

    public required HostSource Source { get; init; }

    /// <summary>What CPUID said; null where it could not be asked.</summary>
    public CpuidFacts? Cpuid { get; set; }

    /// <summary>What came of trying /dev/kvm; null when it was not tried.</summary>
    public GuestRun? Guest { get; set; }

    /// <summary>Why the guest was not tried; null when it was.</summary>
    public string? GuestNotTried { get; set; }

    /// <summary>Content of a file; null when it is not there or cannot be read.</summary>
    /// <param name="path">As on the host: /proc/cpuinfo.</param>
    public string? Text(string path) => _files.TryGetValue(path, out var text) ? text : null;

    /// <summary>Content without the space around it; null when the file is not there or empty.</summary>
    public string? Line(string path) => Text(path)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Entries of a folder; null when it is not there.</summary>
    public IReadOnlyList<string>? Names(string folder) => _folders.TryGetValue(folder, out var names) ? names : null;

    /// <summary>What a command wrote, without the space around it; null when it was not run, or wrote nothing.</summary>
    public string? Answer(string command) => _answers.TryGetValue(command, out var text) && text.Trim() is { Length: > 0 } some ? some : null;

    /// <summary>All files whose path begins so.</summary>
    public IEnumerable<KeyValuePair<string, string>> Below(string start) => _files.Where(f => f.Key.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The kernel's messages, from the command or from a file of a support bundle; null when they cannot be read.</summary>
    public string? KernelLog => Answer("dmesg") ?? Line("/var/log/dmesg") ?? Line("/var/log/kern.log");

    internal void AddFile(string path, string text) => _files[path] = text;

    internal void AddFolder(string path, IReadOnlyList<string> names) => _folders[path] = names;

    internal void AddAnswer(string command, string text) => _answers[command] = text;
}
