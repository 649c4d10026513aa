namespace OsMigrate.Machines;

/// <summary>Reads the guest system ids of VMware (OVF and VMX spelling), VirtualBox and CIM.</summary>
public static class GuestOsIds
{
    /// <summary>The vendor's id where it is known, else the CIM id, else only what was given.</summary>
    public static GuestOsType Resolve(string? vendorId, int? cimId)
    {
        var named = FromVendor(vendorId);
        if (named.Family == GuestFamily.Unknown && cimId is not null && FromCim(cimId.Value) is var coarse)
            named = coarse with { VendorId = named.VendorId, Architecture = coarse.Architecture ?? named.Architecture };
        return named with { CimId = cimId };
    }

    /// <summary>Reads "windows2019srv_64Guest", "windows2019srv-64", "rhel8-64", "Windows2016_64", "Ubuntu_64".</summary>
    public static GuestOsType FromVendor(string? vendorId)
    {
        if (string.IsNullOrEmpty(vendorId))
            return new GuestOsType();
        var stem = vendorId!.ToLowerInvariant();
        if (stem.EndsWith("guest", StringComparison.Ordinal) && stem != "otherguest")
            stem = stem.Substring(0, stem.Length - 5);
        var architecture = TakeArchitecture(ref stem);
        foreach (var row in GuestOsTable.Rows)
        {
            if (stem.StartsWith(row.Stem, StringComparison.Ordinal))
                return row.ToType(vendorId, stem.Substring(row.Stem.Length), architecture);
        }

        return new GuestOsType { VendorId = vendorId, Architecture = architecture };
    }

    /// <summary>Values of CIM_OperatingSystem.OSType (DMTF CIM schema 2.x), as OVF's ovf:id uses them.</summary>
    public static GuestOsType FromCim(int id)
        => GuestOsTable.Cim.TryGetValue(id, out var vendor) ? FromVendor(vendor) with { VendorId = null, CimId = id } : new GuestOsType { CimId = id };

    /// <summary>The family that free text for people names; Unknown when it names none.</summary>
    public static GuestFamily FamilyOf(string? description)
    {
        if (string.IsNullOrEmpty(description))
            return GuestFamily.Unknown;
        bool Says(string word) => description!.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
        if (Says("windows"))
            return GuestFamily.Windows;
        if (Says("linux") || Says("ubuntu") || Says("debian") || Says("centos") || Says("red hat") || Says("suse") || Says("fedora"))
            return GuestFamily.Linux;
        return Says("bsd") || Says("solaris") ? GuestFamily.Other : GuestFamily.Unknown;
    }

    /// <summary>Takes the architecture off the end of an id; 32 bits when none is stated.</summary>
    private static string TakeArchitecture(ref string stem)
    {
        foreach (var (suffix, architecture) in new[]
        {
            ("arm_64", "aarch64"), ("arm-64", "aarch64"), ("_arm64", "aarch64"), ("-arm64", "aarch64"), ("_64", "x86_64"), ("-64", "x86_64"), ("linux64", "x86_64"), ("64", "x86_64"),
        })
        {
            if (!stem.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            stem = stem.Substring(0, stem.Length - (suffix == "linux64" ? 2 : suffix.Length)).TrimEnd('-', '_');
            return architecture;
        }

        return "i686";
    }
}
