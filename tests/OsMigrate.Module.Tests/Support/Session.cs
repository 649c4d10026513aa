using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OsMigrate.Module.Tests.Support;

/// <summary>A PowerShell session with the staged module imported.</summary>
public sealed class Session : IDisposable
{
    static Session() => Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

    public Session(bool import = true)
    {
        Runspace = RunspaceFactory.CreateRunspace(Host, InitialSessionState.CreateDefault2());
        Runspace.Open();
        if (import)
            Run("Import-Module -Name $args[0]", Repository.Module).RequireNoErrors();
    }

    public Runspace Runspace { get; }

    public CapturingHost Host { get; } = new();

    /// <summary>Runs a script and collects all its streams.</summary>
    public Outcome Run(string script, params object[] arguments)
    {
        using var shell = Prepare(script, arguments);
        try
        {
            var output = shell.Invoke();
            return new Outcome(output, shell.Streams, null);
        }
        catch (RuntimeException e)
        {
            return new Outcome([], shell.Streams, e.ErrorRecord);
        }
    }

    /// <summary>A script ready to run, for tests that stop it in the middle.</summary>
    public PowerShell Prepare(string script, params object[] arguments)
    {
        var shell = PowerShell.Create(Runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        return shell;
    }

    /// <summary>What a user would see: runs the script through Out-Default into the host.</summary>
    public string Show(string script, params object[] arguments)
    {
        Host.Clear();
        using var shell = Prepare($"& {{ {script} }} @args | Out-Default", arguments);
        shell.Invoke();
        return Host.Text;
    }

    public void Dispose() => Runspace.Dispose();
}

/// <summary>What a script wrote.</summary>
public sealed class Outcome(Collection<PSObject> output, PSDataStreams streams, ErrorRecord? terminating)
{
    public Collection<PSObject> Output { get; } = output;

    public IReadOnlyList<ErrorRecord> Errors { get; } = [.. streams.Error];

    public IReadOnlyList<string> Warnings { get; } = [.. streams.Warning.Select(w => w.Message)];

    public IReadOnlyList<string> Verbose { get; } = [.. streams.Verbose.Select(v => v.Message)];

    public IReadOnlyList<ProgressRecord> Progress { get; } = [.. streams.Progress];

    /// <summary>The error that ended the script, or null.</summary>
    public ErrorRecord? Terminating { get; } = terminating;

    public PSObject Single => Assert.Single(RequireNoErrors().Output);

    public Outcome RequireNoErrors()
    {
        Assert.True(Terminating is null, Terminating?.ToString() + Terminating?.Exception);
        Assert.True(Errors.Count == 0, string.Join("\n", Errors.Select(e => e + "\n" + e.Exception)));
        return this;
    }
}

/// <summary>Reads properties of PSObjects.</summary>
public static class PSObjectExtensions
{
    public static T Get<T>(this PSObject source, string property)
        => (T)LanguagePrimitives.ConvertTo(source.Properties[property]?.Value ?? throw new Xunit.Sdk.XunitException($"there is no property {property}, or it is null"), typeof(T));

    public static object? Value(this PSObject source, string property)
    {
        Assert.NotNull(source.Properties[property]);
        return source.Properties[property].Value;
    }
}
