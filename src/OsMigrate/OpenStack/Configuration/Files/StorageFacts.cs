using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>What a machine's /etc tells of iSCSI.</summary>
/// <param name="HasFolder">True when there is an etc/iscsi; for a copy of a machine's files, false tells nothing.</param>
/// <param name="IsMachine">True when the files are a machine's own, so that what is missing is missing.</param>
/// <param name="InitiatorName">Null when there is none.</param>
internal sealed record StorageFacts(string Node, string Place, bool HasFolder, bool IsMachine, string? InitiatorName)
{
    private const int MaxBytes = 64 << 10;

    /// <summary>Looks beside the service's folder; null when the files do not lie in an etc.</summary>
    public static StorageFacts? Of(IConfigHost host, ConfigFile nova, CancellationToken cancel)
    {
        var end = nova.Path.Replace('\\', '/').LastIndexOf("/etc/", StringComparison.Ordinal);
        if (end < 0)
            return null;
        var folder = nova.Path.Substring(0, end) + "/etc/iscsi";
        var path = folder + "/initiatorname.iscsi";
        var hasFolder = host.IsFolder(folder, cancel);
        return new StorageFacts(nova.Node, path, hasFolder, host.Node is not null, hasFolder ? Name(host, path, cancel) : null);
    }

    private static string? Name(IConfigHost host, string path, CancellationToken cancel)
    {
        try
        {
            var content = host.Read(path, cancel).Bytes;
            return Encoding.UTF8.GetString(content, 0, Math.Min(content.Length, MaxBytes)).Split('\n').Select(l => l.Trim())
                .Where(l => l.StartsWith("InitiatorName=", StringComparison.Ordinal)).Select(l => l.Substring("InitiatorName=".Length).Trim()).FirstOrDefault(n => n.Length > 0);
        }
        catch (OsMigrateException)
        {
            return null;
        }
    }
}
