using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Module.Tests;

/// <summary>Cmdlets against the real OpenStack, through the fault proxy.</summary>
[Collection(OpenStackCollection.Name)]
public sealed class OpenStackPeerTests
{
    [SkippableFact]
    public void WhatIf_makes_no_call_that_changes_anything()
    {
        using var proxy = new FaultProxy();
        using var folder = new TempFolder();
        // Named by the variable, which comes before any folder, as other tests set it.
        Environment.SetEnvironmentVariable("OS_CLIENT_CONFIG_FILE", proxy.WriteClouds(OpenStackPeer.CloudsFile, folder.Path));
        using var session = new Session();
        session.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0]); $null = Connect-OpenStack -Cloud lab", folder.Path).RequireNoErrors();
        Assert.NotEqual(0, proxy.Count("POST", "/v3/auth/tokens$"));
        File.WriteAllBytes(folder.File("disk.img"), new byte[1 << 20]);
        foreach (var script in new[]
        {
            "Send-GlanceImage -Path ./disk.img -Name test-whatif -WhatIf",
            "New-CinderVolume -Name test-whatif -SizeGiB 1 -WhatIf",
            "New-NeutronPort -Name test-whatif -Network demo-net -WhatIf",
            "New-NovaInstance -Name test-whatif -Image lab-guest -Flavor m1.nano -Network demo-net -WhatIf",
            "Remove-GlanceImage -Image lab-guest -WhatIf",
        })
        {
            session.Run(script).RequireNoErrors();
            Assert.True(proxy.Changes.Count == 0, $"{script} made {string.Join(", ", proxy.Changes.Select(r => $"{r.Method} {r.Target}"))}");
        }

        // The same way of counting does see a change.
        session.Run("$p = New-NeutronPort -Name $args[0] -Network demo-net; Remove-NeutronPort -Port $p.Id -Confirm:$false", OpenStackPeer.Name("port")).RequireNoErrors();
        Assert.Equal(["POST", "DELETE"], proxy.Changes.Select(r => r.Method));
    }
}
