using System.Text.RegularExpressions;

namespace OsMigrate.Hypervisors;

/// <summary>What /proc/cpuinfo says of the first processor. Source: Linux, arch/*/kernel/cpu/proc.c and Documentation/arch.</summary>
/// <param name="Architecture">x86, arm, s390, power, riscv, or unknown.</param>
/// <param name="Flags">x86 flags, ARM and s390 features.</param>
/// <param name="ArmPart">"CPU part" of an ARM, such as 0xc0f; null elsewhere.</param>
/// <param name="GrepMatches">What grep -E "(vmx|svm|0xc0f)" finds in the file, each once.</param>
internal sealed record ProcessorFacts(string Architecture, string? Vendor, string? Model, IReadOnlyCollection<string> Flags, string? ArmPart, IReadOnlyList<string> GrepMatches)
{
    private static readonly Regex Grep = new("(vmx|svm|0xc0f)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
    private static readonly char[] Spaces = [' ', '\t'];

    /// <summary>The flag of hardware virtualization on x86, the SIE feature of s390; null when it is not shown.</summary>
    public string? VirtualizationFlag => Flags.Contains("vmx") ? "vmx" : Flags.Contains("svm") ? "svm" : Architecture == "s390" && Flags.Contains("sie") ? "sie" : null;

    /// <summary>Set by the processor when a hypervisor runs below.</summary>
    public bool IsGuest => Flags.Contains("hypervisor");

    public static ProcessorFacts Parse(string cpuinfo)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in cpuinfo.Split('\n'))
        {
            var colon = line.IndexOf(':');
            if (colon < 0)
                continue;
            var key = line[..colon].Trim();
            // The first processor is described first; the others are alike.
            if (!fields.ContainsKey(key))
                fields[key] = line[(colon + 1)..].Trim();
        }

        // Linux 5.6 and later have some of the abilities of VT-x in a line of their own.
        var flags = $"{Of(fields, "flags") ?? Of(fields, "Features") ?? Of(fields, "features")} {Of(fields, "vmx flags")}".Split(Spaces, StringSplitOptions.RemoveEmptyEntries);
        var part = Of(fields, "CPU part");
        return new ProcessorFacts(
            Kind(fields), Of(fields, "vendor_id") ?? Of(fields, "CPU implementer"), ArmModel(part) ?? Of(fields, "model name") ?? Of(fields, "cpu") ?? Of(fields, "Processor"),
            new HashSet<string>(flags, StringComparer.Ordinal), part, Grep.Matches(cpuinfo).Cast<Match>().Select(m => m.Value).Distinct().OrderBy(static v => v, StringComparer.Ordinal).ToList());
    }

    private static string? Of(Dictionary<string, string> fields, string key) => fields.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private static string Kind(Dictionary<string, string> fields)
        => fields.ContainsKey("CPU implementer") ? "arm"
            : Of(fields, "vendor_id") is { } vendor && vendor.StartsWith("IBM/S390", StringComparison.OrdinalIgnoreCase) ? "s390"
            : fields.ContainsKey("flags") ? "x86"
            : Of(fields, "cpu")?.StartsWith("POWER", StringComparison.OrdinalIgnoreCase) == true ? "power"
            : fields.ContainsKey("isa") ? "riscv"
            : "unknown";

    /// <summary>Source: Arm, MIDR_EL1 part numbers, in the technical reference manual of each core.</summary>
    private static string? ArmModel(string? part) => part switch
    {
        "0xc07" => "Cortex-A7",
        "0xc0e" => "Cortex-A17",
        "0xc0f" => "Cortex-A15",
        "0xd03" => "Cortex-A53",
        "0xd07" => "Cortex-A57",
        "0xd08" => "Cortex-A72",
        "0xd0c" => "Neoverse-N1",
        "0xd40" => "Neoverse-V1",
        "0xd49" => "Neoverse-N2",
        null => null,
        _ => $"ARM part {part}",
    };
}
