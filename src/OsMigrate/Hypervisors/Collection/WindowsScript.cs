namespace OsMigrate.Hypervisors.Collection;

/// <summary>What a Windows host is asked by its own PowerShell. Source: Microsoft, Win32_Processor and Win32_ComputerSystem. Built, not run on Windows.</summary>
internal static class WindowsScript
{
    /// <summary>The name under which its answer is kept.</summary>
    public const string Name = "windows";

    private const string End = "end=1";

    public static string Text => """
        $ErrorActionPreference = 'SilentlyContinue'
        $p = Get-CimInstance Win32_Processor | Select-Object -First 1
        $c = Get-CimInstance Win32_ComputerSystem
        $o = Get-CimInstance Win32_OperatingSystem
        "vendor=$($p.Manufacturer)"
        "model=$($p.Name)"
        "firmware=$($p.VirtualizationFirmwareEnabled)"
        "slat=$($p.SecondLevelAddressTranslationExtensions)"
        "vmmonitor=$($p.VMMonitorModeExtensions)"
        "hypervisor=$($c.HypervisorPresent)"
        "manufacturer=$($c.Manufacturer)"
        "product=$($c.Model)"
        "name=$($c.Name)"
        "os=$($o.Caption) $($o.Version)"
        "vmms=$((Get-Service vmms).Status)"
        "end=1"

        """;

    public static bool IsWhole(string output) => output.TrimEnd().EndsWith(End, StringComparison.Ordinal);

    /// <summary>The lines name=value.</summary>
    public static IReadOnlyDictionary<string, string> Read(string output)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n'))
        {
            if (line.IndexOf('=') is > 0 and var at)
                found[line[..at].Trim()] = line[(at + 1)..].Trim();
        }

        return found;
    }
}
