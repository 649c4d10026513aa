using OsMigrate.Machines;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Can a release run on KVM with virtio?</summary>
internal enum VirtioSupport
{
    /// <summary>Its kernel has the drivers.</summary>
    BuiltIn,

    /// <summary>The drivers of virtio-win can be put in.</summary>
    Installable,

    /// <summary>It must run on emulated IDE and e1000.</summary>
    EmulatedOnly,

    /// <summary>There is no supported way to run it on KVM.</summary>
    NotRunnable,
}

/// <summary>A release of a guest system.</summary>
/// <param name="Words">All of them in small letters stand in the name that vSphere shows.</param>
/// <param name="SupportEnds">Last day of the vendor's support without paid extension; null when it is not stated or does not end.</param>
internal sealed record GuestRelease(string Name, GuestFamily Family, VirtioSupport Virtio, string? SupportEnds, params string[] Words)
{
    public DateTime? EndOfSupport => SupportEnds is null ? null : DateTime.ParseExact(SupportEnds, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Releases by the names that vSphere and RVTools show. The first that fits counts, so narrower names go first.</summary>
/// <remarks>
/// Ends of support: the vendors' lifecycle pages (Microsoft Lifecycle, Red Hat Life Cycle, Ubuntu release cycle, Debian LTS, SUSE lifecycle), standard support without extensions.
/// Virtio: in Linux since 2.6.25 (kernelnewbies, Linux 2.6.25), in RHEL 4.8 and 5.3 by backport; for Windows as far as virtio-win has or had drivers (XP and later).
/// </remarks>
internal static class GuestReleases
{
    public static IReadOnlyList<GuestRelease> All { get; } =
    [
        Windows("Windows Server 2025", "2034-10-10", "windows", "2025"),
        Windows("Windows Server 2022", "2031-10-14", "windows", "2022"),
        Windows("Windows Server 2019", "2029-01-09", "windows", "2019"),
        Windows("Windows Server 2016", "2027-01-12", "windows", "2016"),
        Windows("Windows Server 2012 R2", "2023-10-10", "windows", "2012 r2"),
        Windows("Windows Server 2012", "2023-10-10", "windows", "2012"),
        Windows("Windows Server 2008 R2", "2020-01-14", "windows", "2008 r2"),
        Windows("Windows Server 2008", "2020-01-14", "windows", "2008"),
        Windows("Windows Server 2003", "2015-07-14", "windows", "2003"),
        new("Windows 2000", GuestFamily.Windows, VirtioSupport.EmulatedOnly, "2010-07-13", "windows", "2000"),
        new("Windows NT", GuestFamily.Windows, VirtioSupport.EmulatedOnly, "2004-12-31", "windows nt"),
        Windows("Windows 11", null, "windows 11"),
        Windows("Windows 10", "2025-10-14", "windows 10"),
        Windows("Windows 8.1", "2023-01-10", "windows 8.1"),
        Windows("Windows 8", "2016-01-12", "windows 8"),
        Windows("Windows 7", "2020-01-14", "windows 7"),
        Windows("Windows Vista", "2017-04-11", "windows vista"),
        Windows("Windows XP", "2014-04-08", "windows xp"),
        new("Windows 98", GuestFamily.Windows, VirtioSupport.EmulatedOnly, "2006-07-11", "windows 98"),
        new("Windows 95", GuestFamily.Windows, VirtioSupport.EmulatedOnly, "2001-12-31", "windows 95"),
        .. Versions("Red Hat Enterprise Linux", "red hat", ("10", "2035-05-31"), ("9", "2032-05-31"), ("8", "2029-05-31"), ("7", "2024-06-30"), ("6", "2020-11-30"), ("5", "2017-03-31")),
        Old("Red Hat Enterprise Linux 4", "2012-02-29", "red hat", " 4"),
        Old("Red Hat Enterprise Linux 3", "2010-10-31", "red hat", " 3"),
        Old("Red Hat Enterprise Linux 2.1", "2009-05-31", "red hat", " 2"),
        .. Versions("CentOS", "centos", ("9", "2027-05-31"), ("8", "2021-12-31"), ("7", "2024-06-30"), ("6", "2020-11-30"), ("5", "2017-03-31")),
        Linux("CentOS 4 to 7", "2024-06-30", "centos 4/5"),
        .. Versions("Rocky Linux", "rocky", ("10", "2035-05-31"), ("9", "2032-05-31"), ("8", "2029-05-31")),
        .. Versions("AlmaLinux", "alma", ("10", "2035-05-31"), ("9", "2032-05-31"), ("8", "2029-03-01")),
        .. Versions("Oracle Linux", "oracle linux", ("10", null), ("9", "2032-06-30"), ("8", "2029-07-31"), ("7", "2024-12-31"), ("6", "2021-03-31"), ("5", "2017-06-30")),
        .. Versions("SUSE Linux Enterprise", "suse linux enterprise", ("15", "2031-07-31"), ("12", "2024-10-31"), ("11", "2019-03-31")),
        Old("SUSE Linux Enterprise 10", "2013-07-31", "suse linux enterprise", " 10"),
        Old("SUSE Linux Enterprise 9", "2011-07-31", "suse linux enterprise", " 9"),
        .. Versions("Ubuntu", "ubuntu", ("26.04", "2031-05-31"), ("24.04", "2029-05-31"), ("22.04", "2027-06-30"), ("20.04", "2025-05-31"), ("18.04", "2023-05-31"), ("16.04", "2021-04-30"), ("14.04", "2019-04-30")),
        .. Versions("Debian", "debian", ("13", "2030-06-30"), ("12", "2028-06-30"), ("11", "2026-08-31"), ("10", "2024-06-30"), ("9", "2022-06-30"), ("8", "2020-06-30"), ("7", "2018-05-31"), ("6", "2016-02-29")),
        .. Versions("Amazon Linux", "amazon linux", ("2023", "2029-06-30"), ("2", "2026-06-30")),
        .. Versions("VMware Photon OS", "photon", ("5", null), ("4", null), ("3", "2024-03-01")),
        Old("Linux 2.4", null, "2.4", "linux"),
        Old("Linux 2.2", null, "2.2", "linux"),
        Linux("Ubuntu", null, "ubuntu"),
        Linux("Debian", null, "debian"),
        Linux("Linux", null, "linux"),
        Other("FreeBSD", VirtioSupport.BuiltIn, "freebsd"),
        Other("OpenBSD", VirtioSupport.BuiltIn, "openbsd"),
        Other("NetBSD", VirtioSupport.BuiltIn, "netbsd"),
        Other("Solaris", VirtioSupport.EmulatedOnly, "solaris"),
        Other("macOS", VirtioSupport.NotRunnable, "macos"),
        Other("macOS", VirtioSupport.NotRunnable, "mac os"),
        Other("macOS", VirtioSupport.NotRunnable, "darwin"),
        Other("VMware ESXi", VirtioSupport.NotRunnable, "esx"),
        Other("VMware CRX", VirtioSupport.NotRunnable, "crx"),
        Other("NetWare", VirtioSupport.EmulatedOnly, "netware"),
        Other("OS/2", VirtioSupport.EmulatedOnly, "os/2"),
        Other("MS-DOS", VirtioSupport.EmulatedOnly, "dos"),
        Other("SCO OpenServer", VirtioSupport.EmulatedOnly, "openserver"),
        Other("SCO UnixWare", VirtioSupport.EmulatedOnly, "unixware"),
    ];

    /// <summary>Null for a name that is not known.</summary>
    public static GuestRelease? Find(string name)
    {
        var plain = (name.Length > 300 ? name.Substring(0, 300) : name).ToLowerInvariant();
        return All.FirstOrDefault(r => r.Words.All(w => Stands(plain, w)));
    }

    /// <summary>A number must end where the word does: "suse 1" is not in "suse 15".</summary>
    private static bool Stands(string text, string word)
    {
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + word.Length;
            if (!char.IsDigit(word[word.Length - 1]) || end >= text.Length || !char.IsDigit(text[end]))
                return true;
        }

        return false;
    }

    private static GuestRelease Windows(string name, string? ends, params string[] words) => new(name, GuestFamily.Windows, VirtioSupport.Installable, ends, words);

    private static GuestRelease Linux(string name, string? ends, params string[] words) => new(name, GuestFamily.Linux, VirtioSupport.BuiltIn, ends, words);

    private static GuestRelease Old(string name, string? ends, params string[] words) => new(name, GuestFamily.Linux, VirtioSupport.EmulatedOnly, ends, words);

    private static GuestRelease Other(string name, VirtioSupport virtio, params string[] words) => new(name, GuestFamily.Other, virtio, null, words);

    private static IEnumerable<GuestRelease> Versions(string name, string word, params (string Version, string? Ends)[] versions)
        => versions.Select(v => Linux($"{name} {v.Version}", v.Ends, word, " " + v.Version));
}
