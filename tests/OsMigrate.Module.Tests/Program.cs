using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

/// <summary>Runs one script in a process of its own: for tests that need an engine in which nothing is loaded yet.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var session = new Session(import: false);
        var outcome = session.Run(args[0], [.. args.Skip(1)]);
        foreach (var output in outcome.Output)
            Console.WriteLine(output);
        Console.Write(session.Host.Text);
        foreach (var error in outcome.Errors.Append(outcome.Terminating).OfType<System.Management.Automation.ErrorRecord>())
            Console.WriteLine($"ERROR {error.FullyQualifiedErrorId}: {error} {error.Exception}");
        return outcome.Errors.Count + (outcome.Terminating is null ? 0 : 1);
    }
}
