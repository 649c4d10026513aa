using System.Text.RegularExpressions;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Values that stand for something else: KEYSTONE_DBPASS of the installation guides, %SERVICE_PASSWORD%, &lt;None&gt;, "changeme".</summary>
internal static class Placeholders
{
    private static readonly Regex Whole = new(
        @"^(<[A-Za-z][A-Za-z0-9_ \-]*>|%[A-Z][A-Z0-9_]+%|\{\{.*\}\}|(change|replace)[_-]?me|[A-Z]+_(DB)?PASS|MANAGEMENT_INTERFACE_IP_ADDRESS|TEMPLATE_VALUE)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1));

    private static readonly Regex InAddress = new(@"://[^/@]*:([A-Z]+_(DB)?PASS|%[A-Z_]+%)@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public static bool IsOne(string value) => Whole.IsMatch(value) || InAddress.IsMatch(value);
}
