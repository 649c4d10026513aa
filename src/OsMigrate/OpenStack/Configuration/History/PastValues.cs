namespace OsMigrate.OpenStack.Configuration.History;

/// <summary>Values of the past and what they are today. Each gives null for a value that is fine as it is.</summary>
internal static class PastValues
{
    private const string Lvm = "cinder.volume.drivers.lvm.LVMVolumeDriver";

    private static readonly Dictionary<string, string> Drivers = new(StringComparer.Ordinal)
    {
        ["nova.volume.driver.VolumeDriver"] = Lvm,
        ["nova.volume.driver.ISCSIDriver"] = Lvm,
        ["cinder.volume.driver.ISCSIDriver"] = Lvm,
        ["cinder.volume.drivers.lvm.LVMISCSIDriver"] = Lvm,
        ["cinder.volume.drivers.lvm.LVMISERDriver"] = Lvm,
        ["nova.volume.driver.RBDDriver"] = "cinder.volume.drivers.rbd.RBDDriver",
        ["cinder.volume.driver.RBDDriver"] = "cinder.volume.drivers.rbd.RBDDriver",
        ["cinder.volume.nfs.NfsDriver"] = "cinder.volume.drivers.nfs.NfsDriver",
        ["nova.volume.nfs.NfsDriver"] = "cinder.volume.drivers.nfs.NfsDriver",
        ["cinder.volume.san.SanISCSIDriver"] = "cinder.volume.drivers.san.san.SanISCSIDriver",
    };

    public static string? VolumeDriver(string value) => Drivers.TryGetValue(value, out var now) ? now : null;

    public static string? EnabledApis(string value)
    {
        var apis = value.Split(',').Select(a => a.Trim()).Where(a => a.Length > 0).ToList();
        var left = apis.Where(a => a is not ("ec2" or "osapi_volume" or "metadata_volume")).ToList();
        return left.Count == apis.Count ? null : left.Count == 0 ? "osapi_compute,metadata" : string.Join(",", left);
    }

    public static string? CatalogInfo(string value)
    {
        var parts = value.Split(':');
        return parts[0] is "volume" or "volumev2" ? "volumev3::" + (parts.Length > 2 ? parts[2] : "publicURL") : null;
    }

    public static string? ComputeDriver(string value)
        => value.StartsWith("nova.virt.", StringComparison.Ordinal) ? value.Substring("nova.virt.".Length)
            : value.StartsWith("nova.virt.connection", StringComparison.Ordinal) ? "libvirt.LibvirtDriver" : null;

    /// <summary>ISERTgtAdm and CXT were removed; the others have their name still.</summary>
    public static string? TargetHelper(string value) => value is "iseradm" or "cxt" ? "lioadm" : value;

    public static string? TokenProvider(string value)
        => value.IndexOf("uuid", StringComparison.OrdinalIgnoreCase) >= 0 || value.IndexOf("pki", StringComparison.OrdinalIgnoreCase) >= 0 ? "fernet" : null;

    public static string? AuthUrl(string value)
    {
        var url = value.TrimEnd('/');
        return url.EndsWith("/v2.0", StringComparison.Ordinal) ? url.Substring(0, url.Length - "/v2.0".Length) + "/v3" : value;
    }
}
