using System.Globalization;

namespace OsMigrate.Tests.Support;

/// <summary>The real OpenStack that the tests may talk to: tests/peers/openstack, or any cloud with the same names in it.</summary>
/// <remarks>OSMIGRATE_TEST_OPENSTACK names its clouds.yaml, with the clouds lab (a member), lab-admin and lab-app (application credential).</remarks>
public static class OpenStackPeer
{
    /// <summary>Name of the xunit collection of all tests that change something there: they run one after the other.</summary>
    public const string Collection = "OpenStack peer";

    /// <summary>Path of the clouds.yaml; skips the calling test when there is no OpenStack.</summary>
    public static string CloudsFile
    {
        get
        {
            var file = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_OPENSTACK");
            Skip.If(string.IsNullOrEmpty(file) || !File.Exists(file), "no OpenStack: run build.ps1 Test -Peers");
            return file!;
        }
    }

    /// <summary>A name that no other test and no earlier run uses.</summary>
    public static string UniqueName(string what) => string.Create(CultureInfo.InvariantCulture, $"test-{what}-{Guid.NewGuid().ToString("n")[..10]}");
}
