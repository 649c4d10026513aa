using System.Text;
using OsMigrate.Appliances.Files;
using OsMigrate.Appliances.Ovf;
using OsMigrate.Appliances.Tar;
using OsMigrate.Appliances.Vmx;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances;

/// <summary>Tells an appliance from a disk image by its first bytes.</summary>
internal static class ApplianceProbe
{
    private const int HeadSize = 4096;

    public static string? Detect(string path)
    {
        using var store = FileStore.OpenRead(path);
        return Detect(store.ReadBytes(0, (int)Math.Min(HeadSize, store.Length)));
    }

    public static Appliance Open(string path)
    {
        var store = FileStore.OpenRead(path);
        try
        {
            return Open(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static Appliance Open(FileStore store)
    {
        var head = store.ReadBytes(0, (int)Math.Min(HeadSize, store.Length));
        if (IsGzip(head))
        {
            throw new InvalidImageException(ErrorIds.UnsupportedAppliance, store.Path, 0, "it is compressed as a whole with gzip")
            {
                Advice = "Expand it first (gunzip, or tar xzf and name the .ovf inside): a compressed archive cannot be read from the middle.",
            };
        }

        switch (Detect(head))
        {
            case "OVA":
                return new OvfPackage(store.Path, "OVA", new TarFiles(store));
            case "OVF":
                store.Dispose();
                return new OvfPackage(store.Path, "OVF", new FolderFiles(store.Path));
            case "VMX":
                using (store)
                    return new VmxAppliance(store);
            default:
                throw new InvalidImageException(ErrorIds.UnknownFormat, store.Path, -1, "it is neither an OVA (tar), nor an OVF (XML), nor a VMX (key = value)");
        }
    }

    private static string? Detect(byte[] head)
    {
        if (IsGzip(head) || TarHeader.Looks(head))
            return "OVA";
        var text = Text(head);
        if (IsXml(text))
            return "OVF";
        return IsVmx(text) ? "VMX" : null;
    }

    private static bool IsGzip(byte[] head) => head.Length > 3 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8;

    /// <summary>The head as text, for probing only: UTF-16 by its byte order mark or by its zeros, else as it stands.</summary>
    private static string Text(byte[] head)
    {
        if (head.Length >= 2 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == '<' && head[1] == 0)))
            return Encoding.Unicode.GetString(head).TrimStart('\uFEFF');
        if (head.Length >= 2 && ((head[0] == 0xFE && head[1] == 0xFF) || (head[0] == 0 && head[1] == '<')))
            return Encoding.BigEndianUnicode.GetString(head).TrimStart('\uFEFF');
        return Encoding.UTF8.GetString(head).TrimStart('\uFEFF');
    }

    private static bool IsXml(string text)
    {
        var start = text.TrimStart();
        return start.Length > 1 && start[0] == '<' && (start[1] is '?' or '!' || char.IsLetter(start[1]) || start[1] == '_');
    }

    /// <summary>A VMX is lines of key = "value"; the keys that every VMX has are looked for, so that a VMDK descriptor is none.</summary>
    private static bool IsVmx(string text)
    {
        if (text.IndexOf('\0') >= 0 || text.IndexOf("# Disk DescriptorFile", StringComparison.OrdinalIgnoreCase) >= 0)
            return false;
        foreach (var line in text.Split('\n').Take(200))
        {
            var key = line.Split('=')[0].Trim();
            if (line.IndexOf('=') > 0 && (key.Equals("config.version", StringComparison.OrdinalIgnoreCase)
                || key.Equals("virtualHW.version", StringComparison.OrdinalIgnoreCase)
                || key.Equals("displayName", StringComparison.OrdinalIgnoreCase)
                || key.Equals("encryption.keySafe", StringComparison.OrdinalIgnoreCase)
                || key.Equals("guestOS", StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}
