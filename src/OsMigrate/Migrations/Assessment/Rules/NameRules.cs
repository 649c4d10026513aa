using System.Globalization;
using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>Names: what they may be in DNS and in Nova.</summary>
internal static class NameRules
{
    /// <summary>Compute API v2.1, servers: name has at most 255 characters.</summary>
    private const int LongestServerName = 255;

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("vmware.vm.name.invalid", ConcernCategory.Information, "Name that is none in DNS",
            "The server keeps the name; the host name that Nova makes of it is changed to fit.", "Give it another with -ServerName if the host name matters.",
            None, static s => Finding.When(!IsDnsLabel(s.Machine.Name), "not a DNS label of a-z, 0-9 and -")),
        new("openstack.name.too_long", ConcernCategory.Warning, "Name too long",
            "Nova takes 255 characters at most.", "Give it another with -ServerName.",
            None, static s => Finding.When(s.Machine.Name.Length > LongestServerName, $"{s.Machine.Name.Length} characters")),
        new("openstack.name.characters", ConcernCategory.Warning, "Characters that deceive or break",
            "Control characters, marks of writing direction and invisible characters break scripts and make names look like others.", "Rename the machine, or use -ServerName.",
            None, static s => Finding.Of(s.Machine.Name.Where(IsStrange).Distinct().Take(8).Select(static c => $"U+{(int)c:X4}"))),
        new("openstack.name.duplicate", ConcernCategory.Warning, "Name used twice",
            "Nova allows it, but scripts that go by name do not know which is meant.", "Use -ServerName for one of them.",
            None, static s => Finding.When(s.Site.WithName(s.Machine.Name) > 1, $"{s.Site.WithName(s.Machine.Name)} machines have this name")),
    ];

    /// <summary>RFC 1123, section 2.1, and RFC 1035, section 2.3.1: what Kubernetes calls a DNS-1123 label, but with capitals.</summary>
    private static bool IsDnsLabel(string name)
        => name.Length is > 0 and <= 63 && name.All(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-') && name[0] != '-' && name[name.Length - 1] != '-';

    private static bool IsStrange(char c)
        => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
