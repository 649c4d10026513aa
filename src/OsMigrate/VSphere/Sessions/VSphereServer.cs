using OsMigrate.Bytes;
using OsMigrate.Net;

namespace OsMigrate.VSphere.Sessions;

/// <summary>Where a vCenter or an ESXi host is, and how far its certificate is trusted.</summary>
public sealed record VSphereServer
{
    private VSphereServer(Uri sdk, string name) => (Sdk, Name) = (sdk, name);

    /// <summary>https://HOST[:PORT]/sdk</summary>
    public Uri Sdk { get; }

    /// <summary>What the user calls it: host name, with the port where it is not 443.</summary>
    public string Name { get; }

    public TlsSettings Tls { get; init; } = new();

    /// <summary>Takes "vcenter.example.org", "10.0.0.5:8443" or "https://vcenter.example.org/sdk".</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereSettings"/>.</exception>
    public static VSphereServer Of(string address)
    {
        var text = address.Trim();
        var full = text.IndexOf("://", StringComparison.Ordinal) >= 0 ? text : "https://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Query.Length > 0)
            throw new OsMigrateException(ErrorIds.VSphereSettings, ErrorKind.InvalidArgument, $"'{Printable(text)}' is not the address of a vCenter or ESXi host: a name, with a port if need be, and nothing else.", Printable(text));
        return new VSphereServer(new UriBuilder(Uri.UriSchemeHttps, uri.Host, uri.Port, "/sdk").Uri, uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}");
    }

    /// <summary>Never an address with a password in it.</summary>
    private static string Printable(string text) => text.Substring(text.LastIndexOf('@') + 1);
}
