using System.Diagnostics;

namespace OsMigrate.Tests.Support;

/// <summary>Runs a reference tool (qemu-img, ntfs-3g ...). Tests that need one that is missing are skipped with that reason.</summary>
public static class Tool
{
    /// <summary>Skips the calling test unless the program is on PATH.</summary>
    public static void Require(string program)
        => Skip.If(Find(program) is null, $"{program} is not installed");

    public static string? Find(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs and returns exit code, standard output and standard error together.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(120_000))
            process.Kill(entireProcessTree: true);
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>Runs and fails the test when the exit code is not 0.</summary>
    public static string Check(string program, params string[] arguments)
    {
        var (exitCode, output) = Run(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} exited with {exitCode}: {output}");
        return output;
    }
}
