using System.Text.RegularExpressions;
using OsMigrate.Disks;
using OsMigrate.Shell.Tests.Support;

namespace OsMigrate.Shell.Tests;

/// <summary>Runs the examples of the pages about logging in, images, conversions and jobs against a real OpenStack, each page in a folder of its own with the files and images it speaks of.</summary>
public sealed partial class MigrationExampleTests : IDisposable
{
    private const string Clouds = "OSMIGRATE_TEST_OPENSTACK";
    private const string JobId = "20261123-211530-ab12cd34";
    private const string Converted = "Convert-ToOpenStack server.ova -Cloud prod -Network demo-net -ServerName {0} -AvailabilityZone fake -NewMacAddress";

    /// <summary>A job that is done, and the same one with its last word torn off: interrupted.</summary>
    private const string Interrupted = "$job = (" + Converted + ").JobId\n$journal = (Get-MigrationJob $job).LogPath -replace 'log.jsonl$', 'journal.jsonl'\n$lines = Get-Content $journal\n$lines | Select-Object -First ($lines.Count - 1) | Set-Content $journal\n";

    /// <summary>A job that failed and whose things were kept.</summary>
    private const string Failed = "try { $null = " + Converted + " -WaitForText never -TimeoutSeconds 15 -KeepOnFailure } catch { }\n$job = (Get-MigrationJob -State Failed).Id\n";

    private const string Disk = "$null = Send-GlanceImage disk.raw -Name {0}-server-disk0 -Property @{ hw_video_model = 'vga' }\n";

    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["Connect-OpenStack"] = "", ["Disconnect-OpenStack"] = "$null = Connect-OpenStack lab\n", ["Get-OpenStackCloud"] = "", ["Get-OpenStackQuota"] = "",
        ["Send-GlanceImage"] = "", ["Get-GlanceImage"] = Disk, ["Set-GlanceImage"] = Disk, ["Receive-GlanceImage"] = Disk, ["Import-GlanceImage"] = "",
        ["Remove-GlanceImage"] = "$null = Send-GlanceImage disk.raw -Name {0}-old-server\n",
        ["Convert-ToOpenStack"] = "", ["Get-MigrationJob"] = Failed, ["Resume-MigrationJob"] = Interrupted, ["Undo-MigrationJob"] = Failed, ["Remove-MigrationJob"] = "$job = (" + Converted + ").JobId\n",
    };

    private readonly TempFolder _folder = new();
    private readonly string _prefix = $"cm-ex-{Guid.NewGuid():N}"[..13];

    public static TheoryData<string> Pages => [.. Needed.Keys];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public void The_examples_of_a_page_run_without_an_error(string page)
    {
        var clouds = Environment.GetEnvironmentVariable(Clouds);
        Skip.If(string.IsNullOrEmpty(clouds), $"{Clouds} names no clouds.yaml: no OpenStack to test with");
        var settings = File.ReadAllText(clouds!);
        // The pages speak of a cloud "prod": here it is another name for the lab.
        File.WriteAllText(_folder.File("clouds.yaml"), settings + "\n" + Lab().Match(settings).Value.Replace("  lab:", "  prod:", StringComparison.Ordinal));
        MakeFiles(clouds!, page);
        var text = File.ReadAllText(Path.Combine(StagedShell.Root, "module", "help", page + ".md"));
        // Machines of vSphere have tests of their own, against the vCenter peer: VMToCloudTests.
        var examples = Blocks().Matches(text).Select(m => m.Groups["code"].Value).Where(static e => !e.Contains("Get-VM ", StringComparison.Ordinal) && !e.Contains("Get-VSphereVM ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(examples);
        var run = StagedShell.LongCommand(Script(page, settings, examples), TimeSpan.FromMinutes(6), _folder.Path);
        Assert.True(run.ExitCode == 0, $"{string.Join('\n', examples)}\n{run.Output}{run.Errors}");
        // In full: why a server did not start stands at the end.
        Assert.True(!run.Output.Contains("FAILED", StringComparison.Ordinal) && run.Output.Contains("all ran", StringComparison.Ordinal), run.Output + run.Errors);
    }

    private string Script(string page, string settings, IEnumerable<string> examples)
    {
        var secret = ApplicationCredential().Match(settings);
        return $$"""
            $ErrorActionPreference = 'Stop'
            $env:OS_CLIENT_CONFIG_FILE = '{{_folder.File("clouds.yaml")}}'
            $env:XDG_DATA_HOME = '{{_folder.Path}}'
            function Get-Credential { [pscredential]::new('demo', [System.Net.NetworkCredential]::new('', 'labpass').SecurePassword) }
            function Import-Clixml { [pscredential]::new('{{secret.Groups["id"].Value}}', [System.Net.NetworkCredential]::new('', '{{secret.Groups["secret"].Value}}').SecurePassword) }
            {{(page == "Connect-OpenStack" ? "" : "$null = Connect-OpenStack -Cloud prod")}}
            try {
            {{Needed[page].Replace("{0}", _prefix, StringComparison.Ordinal)}}
            {{string.Join('\n', examples.Select(e => $"& {{ {Fitted(e, AuthUrl().Match(settings).Groups["address"].Value)} }}"))}}
            'all ran'
            } catch { "FAILED: $_ $($_.InvocationInfo.Line)" } finally {
                $ErrorActionPreference = 'Continue'
                $null = Connect-OpenStack -Cloud prod
                Get-MigrationJob | Undo-MigrationJob -Confirm:$false
                Get-GlanceImage '{{_prefix}}*' | Remove-GlanceImage -Confirm:$false
            }
            """;
    }

    /// <summary>The example with this test's names instead of the page's.</summary>
    private string Fitted(string example, string authUrl) => ImageNames().Replace(example, m => $"{_prefix}-{m.Value}")
        .Replace("prod-net", "demo-net", StringComparison.Ordinal).Replace("backup-net", "demo-net", StringComparison.Ordinal).Replace("login:", "GUEST-DONE", StringComparison.Ordinal)
        .Replace("https://keystone.example.org:5000/v3", authUrl, StringComparison.Ordinal).Replace(@"D:\export\", "./export/", StringComparison.Ordinal).Replace(@"D:\openstack", "./openstack", StringComparison.Ordinal)
        .Replace("https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2 debian12", $"{Served} {_prefix}-debian12 -DiskFormat raw", StringComparison.Ordinal)
        .Replace("https://images.example.com/base.raw base", $"{Served} {_prefix}-base", StringComparison.Ordinal)
        .Replace("-Name web01", $"-Name {_prefix}-web01", StringComparison.Ordinal).Replace(JobId, "$job", StringComparison.Ordinal)
        .Replace("server.ova -Cloud prod", $"server.ova -Cloud prod -AvailabilityZone nova -Flavor m1.tiny -NewMacAddress -ServerName {_prefix}-{Guid.NewGuid():N}", StringComparison.Ordinal)
        .Replace("Send-GlanceImage server.vmdk", $"Send-GlanceImage server.vmdk -Name {_prefix}-vmdk", StringComparison.Ordinal).Replace("Send-GlanceImage -Cloud prod", $"Send-GlanceImage -Name {_prefix}-vhdx -Cloud prod", StringComparison.Ordinal)
        .Replace("server.ova out -DiskFormat", "server.ova out2 -DiskFormat", StringComparison.Ordinal).Replace("server.ova out |", "server.ova out3 |", StringComparison.Ordinal).Replace("winsrv.ova out -VirtioDriver virtio-win.iso", "server.ova out5 -VirtioDriver ./drivers", StringComparison.Ordinal)
        .Replace("server.ova out -WhatIf", "server.ova out4 -WhatIf", StringComparison.Ordinal);

    /// <summary>Where the lab's Glance can fetch something: the metadata-free front page of its own Keystone.</summary>
    private static string Served => "http://127.0.0.1:5000/v3";

    private void MakeFiles(string clouds, string page)
    {
        File.WriteAllBytes(_folder.File("disk.raw"), Enumerable.Range(0, 1 << 20).Select(i => (byte)(i % 251)).ToArray());
        if (page is not ("Convert-ToOpenStack" or "Send-GlanceImage" or "Get-MigrationJob" or "Resume-MigrationJob" or "Undo-MigrationJob" or "Remove-MigrationJob"))
            return;
        var guest = StagedShell.LongCommand($"$env:OS_CLIENT_CONFIG_FILE = '{clouds}'; Receive-GlanceImage lab-guest ./guest.qcow2 -Cloud lab | Out-Null; Convert-DiskImage disk.raw server.vmdk | Out-Null; Convert-DiskImage disk.raw a.vhdx | Out-Null", TimeSpan.FromMinutes(2), _folder.Path);
        Assert.True(guest.ExitCode == 0, guest.Errors);
        using (var boot = DiskFormats.OpenFile(_folder.File("guest.qcow2")))
            new OvaBuilder("server").Disk(boot).Save(_folder.File("server.ova"));
        Directory.CreateDirectory(_folder.File("drivers"));
        File.WriteAllText(_folder.File("drivers/viostor.inf"), "[Version]\nSignature=\"$Windows NT$\"\nClass=SCSIAdapter\nProvider=\"Test\"\nDriverVer=01/01/2024,1.0.0.0\n");
        Directory.CreateDirectory(_folder.File("export"));
        File.Copy(_folder.File("server.ova"), _folder.File("export/one.ova"));
    }

    [GeneratedRegex("  lab:\n(    .*\n)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Lab();

    [GeneratedRegex("application_credential_id: \"(?<id>[^\"]+)\", application_credential_secret: \"(?<secret>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex ApplicationCredential();

    [GeneratedRegex("auth_url: \"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex AuthUrl();

    [GeneratedRegex(@"\b(server-disk0|server-(?=\*)|backup-(?=\*)|old-server|test-(?=\*))", RegexOptions.ExplicitCapture)]
    private static partial Regex ImageNames();

    [GeneratedRegex("```powershell\r?\n(?<code>.*?)\r?\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();
}
