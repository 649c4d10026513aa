using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>One configuration file of one machine.</summary>
/// <param name="Node">The machine.</param>
/// <param name="Path">As its host knows it.</param>
/// <param name="Name">Null for a file whose service is not known.</param>
/// <param name="IsFragment">True for a file in a folder of additions (--config-dir).</param>
/// <param name="Mode">Permission bits; null where they are not known.</param>
internal sealed record ConfigFile(string Node, string Path, ConfigFileName? Name, bool IsFragment, ConfigDocument Document, byte[] Bytes, int? Mode)
{
    public ServiceName? Service => Name?.Service;

    /// <summary>The folder that holds what is read together: that of the service's own file.</summary>
    public string Folder { get; init; } = "";
}
