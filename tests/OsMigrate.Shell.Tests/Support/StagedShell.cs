using System.Diagnostics;
using System.Text;

namespace OsMigrate.Shell.Tests.Support;

/// <summary>What a run of the shell gave.</summary>
public sealed record ShellRun(int ExitCode, string Output, string Errors, TimeSpan Duration);

/// <summary>Runs output/shell/osmigrate as a process of its own. Standard input is closed unless there is text for it.</summary>
public static class StagedShell
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Root { get; } = FindRoot();

    public static string Path { get; } = System.IO.Path.Combine(Root, "output", "shell", OperatingSystem.IsWindows() ? "osmigrate.exe" : "osmigrate");

    public static ShellRun Run(params string[] arguments) => RunWith("", null, arguments);

    public static ShellRun Command(string text, string? folder = null) => RunWith("", folder, "-NonInteractive", "-Command", text);

    /// <summary>For scripts that wait for machines.</summary>
    public static ShellRun LongCommand(string text, TimeSpan patience, string? folder = null) => RunWith("", folder, patience, "-NonInteractive", "-Command", text);

    public static ShellRun RunWith(string input, string? folder, params string[] arguments) => RunWith(input, folder, Patience, arguments);

    private static ShellRun RunWith(string input, string? folder, TimeSpan patience, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Start(folder, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"osmigrate {string.Join(' ', arguments)} did not end within {patience.TotalSeconds} s. So far: {output.Result}{errors.Result}");
        }

        return new ShellRun(process.ExitCode, output.Result.ReplaceLineEndings("\n"), errors.Result.ReplaceLineEndings("\n"), clock.Elapsed);
    }

    public static Process Start(string? folder, params string[] arguments)
    {
        Assert.True(File.Exists(Path), $"{Path} is missing: a Release build stages it.");
        var start = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? System.IO.Path.GetTempPath(),
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        return Process.Start(start)!;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "OsMigrate.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
