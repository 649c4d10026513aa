using Microsoft.Win32;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet of this machine.</summary>
public sealed class SystemRegistry : IGuestRegistry
{
    private const string Services = @"SYSTEM\CurrentControlSet\Services\";

    public int DiskCount
    {
        get
        {
            using (var key = Registry.LocalMachine.OpenSubKey(Services + @"disk\Enum"))
                return key?.GetValue("Count") is int count ? count : 0;
        }
    }

    public bool ServiceExists(string name)
    {
        using (var key = Registry.LocalMachine.OpenSubKey(Services + name))
            return key is not null;
    }

    public void DisableService(string name)
    {
        using (var key = Registry.LocalMachine.OpenSubKey(Services + name, true))
            key?.SetValue("Start", 4, RegistryValueKind.DWord);
    }
}
