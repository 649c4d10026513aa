namespace OsMigrate.Machines;

/// <summary>The rows behind <see cref="GuestOsIds"/>; the first stem that an id begins with counts, so longer ones go first.</summary>
/// <remarks>
/// Ids: vSphere Web Services API, enum VirtualMachineGuestOsIdentifier (OVF's vmw:osType); the same without "Guest" and with '-' in a VMX;
/// VirtualBox, src/VBox/Main: guest OS type ids. Os_distro words: libosinfo short names, as Glance's metadata definitions ask for.
/// </remarks>
internal static class GuestOsTable
{
    /// <param name="Stem">Begin of the id in lower case, without architecture.</param>
    /// <param name="Version">Fixed version; null to take the digits that follow the stem.</param>
    internal sealed record Row(string Stem, GuestFamily Family, string? Distro, string Name, string? Version = null)
    {
        public GuestOsType ToType(string vendorId, string rest, string architecture)
        {
            var digits = new string(rest.TrimStart('_', '-').TakeWhile(c => char.IsDigit(c) || c == '.').ToArray());
            var version = Version ?? (digits.Length > 0 && Distro is not null ? digits : null);
            return new GuestOsType
            {
                Family = Family,
                VendorId = vendorId,
                Architecture = architecture,
                Distro = Distro,
                Version = version is "" ? null : version,
                Name = Version is null && version is not null ? $"{Name} {version}" : Name,
            };
        }
    }

    public static IReadOnlyList<Row> Rows { get; } =
    [
        Windows("windows2025srv", "Windows Server 2025", "2025"),
        Windows("windows2022srvnext", "Windows Server 2025", "2025"),
        Windows("windows2022srv", "Windows Server 2022", "2022"),
        Windows("windows2019srvnext", "Windows Server 2022", "2022"),
        Windows("windows2019srv", "Windows Server 2019", "2019"),
        Windows("windows9server", "Windows Server 2016", "2016"),
        Windows("windows9srv", "Windows Server 2016", "2016"),
        Windows("windows8server", "Windows Server 2012", "2012"),
        Windows("windows8srv", "Windows Server 2012", "2012"),
        Windows("windows7server", "Windows Server 2008 R2", "2008r2"),
        Windows("windows7srv", "Windows Server 2008 R2", "2008r2"),
        Windows("winlonghorn", "Windows Server 2008", "2008"),
        Windows("longhorn", "Windows Server 2008", "2008"),
        Windows("winserver2008", "Windows Server 2008", "2008"),
        Windows("winnet", "Windows Server 2003", "2003"),
        Windows("windows2025", "Windows Server 2025", "2025"),
        Windows("windows2022", "Windows Server 2022", "2022"),
        Windows("windows2019", "Windows Server 2019", "2019"),
        Windows("windows2016", "Windows Server 2016", "2016"),
        Windows("windows2012", "Windows Server 2012", "2012"),
        Windows("windows2008", "Windows Server 2008", "2008"),
        Windows("windows2003", "Windows Server 2003", "2003"),
        Windows("windows2000", "Windows 2000", "2000"),
        Windows("windows12", "Windows 12", "12"),
        Windows("windows11", "Windows 11", "11"),
        Windows("windows10", "Windows 10", "10"),
        Windows("windows9", "Windows 10", "10"),
        Windows("windows81", "Windows 8.1", "8.1"),
        Windows("windows8", "Windows 8", "8"),
        Windows("windows7", "Windows 7", "7"),
        Windows("windowsvista", "Windows Vista", "vista"),
        Windows("windowsxp", "Windows XP", "xp"),
        Windows("windowshyperv", "Hyper-V Server", ""),
        Windows("winvista", "Windows Vista", "vista"),
        Windows("winxp", "Windows XP", "xp"),
        Windows("win2000", "Windows 2000", "2000"),
        Windows("winnt", "Windows NT", "nt4"),
        Windows("win", "Windows", ""),
        Linux("rhel", "rhel", "Red Hat Enterprise Linux"),
        Linux("redhat", "rhel", "Red Hat Enterprise Linux"),
        Linux("rockylinux", "rocky", "Rocky Linux"),
        Linux("almalinux", "almalinux", "AlmaLinux"),
        Linux("centos", "centos", "CentOS"),
        Linux("oraclelinux", "ol", "Oracle Linux"),
        Linux("oracle", "ol", "Oracle Linux"),
        Linux("sles", "sles", "SUSE Linux Enterprise Server"),
        Linux("opensuse", "opensuse", "openSUSE"),
        Linux("suse", "sled", "SUSE Linux Enterprise"),
        Linux("sjds", null, "Sun Java Desktop System"),
        Linux("nld", "sled", "Novell Linux Desktop"),
        Linux("oes", "sles", "Open Enterprise Server"),
        Linux("ubuntu", "ubuntu", "Ubuntu"),
        Linux("xubuntu", "ubuntu", "Ubuntu"),
        Linux("debian", "debian", "Debian GNU/Linux"),
        Linux("fedora", "fedora", "Fedora"),
        Linux("asianux", "asianux", "Asianux"),
        Linux("mandriva", "mandriva", "Mandriva Linux"),
        Linux("mandrake", "mandrake", "Mandrake Linux"),
        Linux("turbolinux", "turbolinux", "Turbolinux"),
        Linux("coreos", "coreos", "CoreOS"),
        Linux("flatcar", "flatcar", "Flatcar"),
        Linux("vmwarephoton", "photon", "VMware Photon OS"),
        Linux("photon", "photon", "VMware Photon OS"),
        Linux("amazonlinux", "amzn", "Amazon Linux"),
        Linux("archlinux", "archlinux", "Arch Linux"),
        Linux("gentoo", "gentoo", "Gentoo"),
        Linux("crxpod", "photon", "VMware CRX Pod"),
        Linux("crxsys", "photon", "VMware CRX"),
        Linux("kylin", "kylin", "Kylin Linux"),
        Linux("prolinux", "prolinux", "ProLinux"),
        Linux("miraclelinux", "miraclelinux", "MIRACLE LINUX"),
        Linux("pardus", "pardus", "Pardus"),
        Linux("other24xlinux", null, "Linux 2.4"),
        Linux("other26xlinux", null, "Linux 2.6"),
        Linux("other3xlinux", null, "Linux 3.x"),
        Linux("other4xlinux", null, "Linux 4.x"),
        Linux("other5xlinux", null, "Linux 5.x"),
        Linux("other6xlinux", null, "Linux 6.x"),
        Linux("other7xlinux", null, "Linux 7.x"),
        Linux("otherlinux", null, "Linux"),
        Linux("genericlinux", null, "Linux"),
        Linux("linux", null, "Linux"),
        Other("freebsd", "freebsd", "FreeBSD"),
        Other("openbsd", "openbsd", "OpenBSD"),
        Other("netbsd", "netbsd", "NetBSD"),
        Other("solaris", "solaris", "Solaris"),
        Other("opensolaris", "opensolaris", "OpenSolaris"),
        Other("darwin", "macos", "macOS"),
        Other("macos", "macos", "macOS"),
        Other("vmkernel", null, "VMware ESXi"),
        Other("netware", "netware", "NetWare"),
        Other("ecomstation", null, "eComStation"),
        Other("os2", null, "OS/2"),
        Other("unixware", null, "UnixWare"),
        Other("openserver", null, "OpenServer"),
        Other("dos", "msdos", "DOS"),
    ];

    /// <summary>CIM ids as the vendor ids above. "Other", "Unknown" and systems no hypervisor runs are left out.</summary>
    public static IReadOnlyDictionary<int, string> Cim { get; } = new Dictionary<int, string>
    {
        [2] = "macos", [14] = "dos", [15] = "win31", [16] = "win95", [17] = "win98", [18] = "winnt", [29] = "solaris", [36] = "linux", [42] = "freebsd",
        [58] = "windows2000", [67] = "winxp", [69] = "winnet", [70] = "winnet_64", [71] = "winxp_64", [72] = "winxp", [73] = "winvista", [74] = "winvista_64",
        [76] = "winlonghorn", [77] = "winlonghorn_64", [78] = "freebsd_64", [79] = "rhel", [80] = "rhel_64", [81] = "solaris_64", [82] = "suse", [83] = "suse_64",
        [84] = "sles", [85] = "sles_64", [86] = "oes", [87] = "nld", [88] = "sjds", [89] = "mandriva", [90] = "mandriva_64", [91] = "turbolinux",
        [92] = "turbolinux_64", [93] = "ubuntu", [94] = "ubuntu_64", [95] = "debian", [96] = "debian_64", [97] = "other24xlinux", [98] = "other24xlinux_64",
        [99] = "other26xlinux", [100] = "other26xlinux_64", [101] = "linux_64", [103] = "windows7server_64", [104] = "vmkernel", [105] = "windows7_64",
        [106] = "centos", [107] = "centos_64", [108] = "oraclelinux", [109] = "oraclelinux_64", [110] = "ecomstation", [112] = "windows8server_64",
        [113] = "windows8", [114] = "windows8_64", [115] = "windows8server_64", [116] = "windows9server_64", [117] = "windows81", [118] = "windows81_64",
        [119] = "windows9", [120] = "windows9_64",
    };

    private static Row Windows(string stem, string name, string version) => new(stem, GuestFamily.Windows, "windows", name, version);

    private static Row Linux(string stem, string? distro, string name) => new(stem, GuestFamily.Linux, distro, name);

    private static Row Other(string stem, string? distro, string name) => new(stem, GuestFamily.Other, distro, name);
}
