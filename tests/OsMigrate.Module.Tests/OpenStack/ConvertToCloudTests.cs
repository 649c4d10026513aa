using System.Management.Automation;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Module.Tests.OpenStack;

/// <summary>Convert-ToOpenStack -Cloud as an administrator calls it, through the fault proxy to the real OpenStack.</summary>
[Collection(OpenStackCollection.Name)]
public sealed class ConvertToCloudTests : IDisposable
{
    private const string Convert = "Convert-ToOpenStack $args[0] -Cloud lab -ServerName $args[1] -JobPath $args[2] -Network demo-net -Flavor m1.tiny -NewMacAddress -AvailabilityZone fake";

    private readonly TempFolder _folder = new();
    private readonly FaultProxy _proxy = new();
    private readonly Session _session = new();
    private readonly string _name = OpenStackPeer.Name("conv");

    public void Dispose()
    {
        _session.Dispose();
        _proxy.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void WhatIf_shows_the_plan_and_only_reads()
    {
        Connect();
        _session.Run(Convert + " -As Volume -WhatIf", Appliance(), _name, _folder.File("jobs")).RequireNoErrors();
        var shown = _session.Host.Text;
        Assert.Contains("Make the port", shown, StringComparison.Ordinal);
        Assert.Contains("Launch the server", shown, StringComparison.Ordinal);
        Assert.NotEqual(0, _proxy.Count("GET", "/flavors"));
        Assert.True(_proxy.Changes.Count == 0, string.Join(", ", _proxy.Changes.Select(r => $"{r.Method} {r.Target}")));
        Assert.False(Directory.Exists(_folder.File("jobs")), "a plan leaves no record");
    }

    [SkippableFact]
    public void No_secret_is_in_any_stream_error_log_or_record()
    {
        Connect();
        using var leftovers = new CloudLeftovers(_session, _name);
        File.WriteAllText(_folder.File("user-data"), "#cloud-config\npassword: canary-user-data\n");
        var jobs = _folder.File("jobs");
        var first = _session.Run(Loud(Convert + " -UserData $args[3]"), Appliance(), _name, jobs, _folder.File("user-data")).RequireNoErrors();
        var all = new List<string> { Everything(first) };
        // The same with something that fails half way, and with what fails at once.
        _proxy.Add("POST", "/servers$", new Fault.Answer(400) { Body = "{\"badRequest\":{\"message\":\"no\"}}" });
        all.Add(Everything(_session.Run(Loud(Convert), Appliance(), _name + "f", jobs)));
        all.Add(Everything(_session.Run(Loud("$c = [pscredential]::new('canary-user', [System.Net.NetworkCredential]::new('', $args[1]).SecurePassword); Connect-OpenStack -AuthUrl $args[0] -Credential $c -ProjectName demo -UserDomainName Default -ProjectDomainName Default"), AuthUrl(), "canary-password")));
        all.Add(Everything(_session.Run("Get-MigrationJob -JobPath $args[0] | Format-List * -Force | Out-String; $Error | ForEach-Object { $_ | Format-List * -Force | Out-String; $_.Exception.ToString() }", jobs)));
        all.AddRange(Directory.EnumerateFiles(jobs, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains(all, text => text.Contains("Cloud.Unauthorized", StringComparison.Ordinal) || text.Contains("HTTP 401", StringComparison.Ordinal));
        Assert.Contains(all, text => text.Contains(_name, StringComparison.Ordinal));
        Assert.True(_proxy.Tokens.Count > 0);
        foreach (var secret in _proxy.Tokens.Concat(["labpass", "canary-password", "canary-user-data"]))
            Assert.DoesNotContain(all, text => text.Contains(secret, StringComparison.Ordinal));
        _session.Run("Get-MigrationJob -JobPath $args[0] | Undo-MigrationJob -JobPath $args[0] -Confirm:$false", jobs);
    }

    private static string Loud(string script) => "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; $InformationPreference = 'Continue'; " + script;

    private static string Everything(Outcome outcome) => string.Join('\n', outcome.Output.SelectMany(o => o.Properties.Select(Text).Append(o.ToString())).Concat(outcome.Verbose).Concat(outcome.Warnings)
        .Concat(outcome.Progress.Select(p => $"{p.Activity} {p.StatusDescription} {p.CurrentOperation}"))
        .Concat(outcome.Errors.Append(outcome.Terminating).OfType<ErrorRecord>().Select(e => $"{e} {e.ErrorDetails?.Message} {e.ErrorDetails?.RecommendedAction} {e.TargetObject} {e.Exception} {e.InvocationInfo?.Line}")));

    private static string Text(PSPropertyInfo property) => $"{property.Name}={LanguagePrimitives.ConvertTo<string>(property.Value)}";

    private string Appliance()
    {
        var path = _folder.File("web01.ova");
        return File.Exists(path) ? path : Ova.Pack(_folder, "web01", Disks.Raw(_folder, "a.raw"), Disks.Raw(_folder, "b.raw", seed: 2));
    }

    private string AuthUrl() => File.ReadLines(_folder.File("clouds.yaml")).First(l => l.Contains("auth_url", StringComparison.Ordinal)).Split("auth_url:")[1].Split(',')[0].Trim(' ', '"');

    private void Connect()
    {
        Environment.SetEnvironmentVariable("OS_CLIENT_CONFIG_FILE", _proxy.WriteClouds(OpenStackPeer.CloudsFile, _folder.Path));
        _session.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0]); $null = Connect-OpenStack -Cloud lab", _folder.Path).RequireNoErrors();
    }
}
