using System.Text.RegularExpressions;
using OsMigrate.Shell.Tests.Support;

namespace OsMigrate.Shell.Tests;

/// <summary>Runs the examples of the help pages, all of a page in one script, against a real OpenStack. OSMIGRATE_TEST_OPENSTACK names its clouds.yaml.</summary>
public partial class HelpExampleTests
{
    private const string Clouds = "OSMIGRATE_TEST_OPENSTACK";
    private const string OnFake = "$null = New-NovaInstance web01 -Image lab-guest -Network demo-net -AvailabilityZone fake\n";
    private const string OnRealHost = "$null = New-NovaInstance web01 -Image lab-guest -Network demo-net -AvailabilityZone nova\n";
    private const string Data = "$null = New-CinderVolume data01 -SizeGiB 1\n";

    /// <summary>What must be there for a page's examples; pages that need nothing are not in it.</summary>
    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["Start-NovaInstance"] = OnFake + "$null = Stop-NovaInstance web01\n",
        ["Stop-NovaInstance"] = OnFake,
        ["Restart-NovaInstance"] = OnFake,
        ["Remove-NovaInstance"] = OnFake,
        ["Get-NovaInstanceConsole"] = OnRealHost,
        ["Move-NovaInstance"] = OnFake + "if ((Get-NovaInstance web01 -AllProjects -Cloud lab-admin).Host -ne 'fake1') { $null = Move-NovaInstance web01 -Live fake1 -Cloud lab-admin }\n",
        ["Get-NovaServerGroup"] = "$null = New-NovaServerGroup db affinity\n",
        ["Remove-NovaServerGroup"] = "$null = New-NovaServerGroup db affinity\n",
        ["Remove-CinderVolume"] = Data,
        ["Add-CinderVolumeAttachment"] = OnFake + Data,
        ["Remove-CinderVolumeAttachment"] = OnFake + Data + "$null = New-CinderVolume data02 -SizeGiB 1\n'data01', 'data02' | ForEach-Object { $null = Add-CinderVolumeAttachment web01 $_ }\n",
        ["Get-NeutronPort"] = OnFake,
        ["Remove-NeutronPort"] = "$null = New-NeutronPort web01 demo-net\n",
    };

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(StagedShell.Root, "module", "help"), "*.md")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => OfTheCloud().IsMatch(n)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public void The_examples_of_a_page_run_without_an_error(string page)
    {
        var clouds = Environment.GetEnvironmentVariable(Clouds);
        Skip.If(string.IsNullOrEmpty(clouds), $"{Clouds} names no clouds.yaml: no OpenStack to test with");
        var prefix = $"cm-ex-{Guid.NewGuid():N}"[..14] + "-";
        var text = File.ReadAllText(Path.Combine(StagedShell.Root, "module", "help", page + ".md"));
        var examples = Blocks().Matches(text).Select(m => m.Groups["code"].Value).ToList();
        Assert.NotEmpty(examples);
        var needed = Needed.TryGetValue(page, out var script) ? script : "";
        var run = StagedShell.LongCommand(Script(clouds!, prefix, Renamed(needed + string.Join('\n', examples.Select(e => $"& {{ {e} }}")), prefix)), TimeSpan.FromMinutes(6));
        Assert.True(run.ExitCode == 0, $"{string.Join('\n', examples)}\n{run.Output}{run.Errors}");
        // In full: why a server did not start stands at the end.
        Assert.True(!run.Output.Contains("FAILED", StringComparison.Ordinal) && run.Output.Contains("all ran", StringComparison.Ordinal), run.Output + run.Errors);
    }

    /// <summary>The lab has no console proxies: Nova's refusal of -Url is what it can answer.</summary>
    private static string Script(string clouds, string prefix, string work) => $$"""
        $ErrorActionPreference = 'Stop'
        $env:OS_CLIENT_CONFIG_FILE = '{{clouds}}'
        $null = Connect-OpenStack -Cloud lab
        try {
        {{work}}
        'all ran'
        } catch {
            if ("$_" -match 'Unavailable console type') { 'all ran' } else { "FAILED: $_ $($_.InvocationInfo.Line)" }
        } finally {
            $ErrorActionPreference = 'Continue'
            Get-NovaInstance '{{prefix}}*' | Remove-NovaInstance -Confirm:$false
            Get-CinderVolume '{{prefix}}*' | Remove-CinderVolume -Confirm:$false
            Get-NeutronPort '{{prefix}}*' | Remove-NeutronPort -Confirm:$false
            Get-NovaServerGroup '{{prefix}}*' | Remove-NovaServerGroup -Confirm:$false
        }
        """;

    /// <summary>The pages' names of machines, disks and groups become names of this test alone.</summary>
    private static string Renamed(string script, string prefix)
        => Names().Replace(script, m => prefix + m.Value).Replace("Get-NovaInstance -AllProjects", $"Get-NovaInstance {prefix}* -AllProjects", StringComparison.Ordinal);

    /// <remarks>ConvertTo- pages speak of clusters of vSphere: ClusterToCloudTests does what they show, against both peers.</remarks>
    [GeneratedRegex("^((?!ConvertTo-).*-(Nova|Cinder|Neutron).*|Get-OpenStackQuota)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OfTheCloud();

    [GeneratedRegex("```powershell\r?\n(?<code>.*?)\r?\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\b(web|db|data|boot)\d\d\b|\b(web|data)(?=\*)|(?<=Group )(db|web|pair)\b|\btest-(?=\*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();
}
