using System.Management.Automation;

namespace OsMigrate.Module.Tests.Support;

/// <summary>The real OpenStack that tests talk to. Its clouds are lab (a member), lab-admin and lab-app (an application credential).</summary>
/// <remarks>OSMIGRATE_TEST_OPENSTACK names its clouds.yaml; without it these tests are skipped.</remarks>
public static class OpenStackPeer
{
    private static readonly string? Clouds = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_OPENSTACK");

    /// <summary>Path of the clouds.yaml; skips the calling test when there is no OpenStack.</summary>
    public static string CloudsFile
    {
        get
        {
            Skip.If(string.IsNullOrEmpty(Clouds) || !File.Exists(Clouds), "no OpenStack: run build.ps1 Test -Peers");
            return Clouds!;
        }
    }

    /// <summary>A session that is connected to the clouds; lab is the default.</summary>
    public static Session Connect(params string[] more)
    {
        Environment.SetEnvironmentVariable("OS_CLIENT_CONFIG_FILE", CloudsFile);
        var session = new Session();
        session.Run("Connect-OpenStack -Cloud lab").RequireNoErrors();
        foreach (var cloud in more.Where(c => c != "lab"))
            session.Run("Connect-OpenStack -Cloud $args[0] -NoDefault", cloud).RequireNoErrors();
        return session;
    }

    /// <summary>A name that no other test uses.</summary>
    public static string Name(string about) => $"cm-{about}-{Guid.NewGuid():N}"[..24];
}

/// <summary>Takes away whatever a test left of a name.</summary>
public sealed class CloudLeftovers(Session session, string name) : IDisposable
{
    public void Dispose()
    {
        session.Run(
            """
            $name = $args[0]
            Get-NovaInstance "$name*" | Remove-NovaInstance -Confirm:$false
            Get-CinderVolume "$name*" | Remove-CinderVolume -Confirm:$false
            Get-NeutronPort "$name*" | Remove-NeutronPort -Confirm:$false
            Get-NovaServerGroup "$name*" | Remove-NovaServerGroup -Confirm:$false
            """,
            name);
    }
}

/// <summary>Tests of one collection run one after the other: the cloud is small.</summary>
[CollectionDefinition(Name)]
public sealed class OpenStackCollection
{
    public const string Name = "OpenStack";
}
