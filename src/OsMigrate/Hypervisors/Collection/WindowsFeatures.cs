using System.Runtime.InteropServices;

namespace OsMigrate.Hypervisors.Collection;

/// <summary>What Windows says of this machine's processor. Source: Microsoft, IsProcessorFeaturePresent. Built, not run on Windows.</summary>
internal static class WindowsFeatures
{
    private const uint SecondLevelAddressTranslation = 20;
    private const uint VirtFirmwareEnabled = 21;

    /// <summary>Adds the lines kernel.slat and kernel.firmware. With Hyper-V running Windows hides both from itself.</summary>
    public static void AddTo(HostFacts facts)
        => facts.AddAnswer("windows-kernel", $"kernel.firmware={IsProcessorFeaturePresent(VirtFirmwareEnabled)}\nkernel.slat={IsProcessorFeaturePresent(SecondLevelAddressTranslation)}\n");

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool IsProcessorFeaturePresent(uint feature);
}
