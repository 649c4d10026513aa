using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.VSphere;

/// <summary>A connection to a vCenter or ESXi host, for people and scripts; holds no secret.</summary>
public sealed class VSphereConnection
{
    internal VSphereConnection(VSphereSession session)
    {
        Server = session.Name;
        User = session.UserName;
        Product = session.Product;
        Version = session.Version;
        ApiVersion = session.ApiVersion;
        InstanceUuid = session.InstanceUuid;
        IsVCenter = session.IsVCenter;
        IsDefault = VSphereSessions.DefaultName == session.Name;
        IsOwnSession = session.IsOwn;
        IsVerified = session.Server.Tls.Verify;
    }

    /// <summary>What -Server takes.</summary>
    public string Server { get; }

    public string User { get; }

    public string Product { get; }

    public string Version { get; }

    public string ApiVersion { get; }

    public string InstanceUuid { get; }

    /// <summary>False for an ESXi host.</summary>
    public bool IsVCenter { get; }

    public bool IsDefault { get; }

    /// <summary>False when the session is PowerCLI's own, which is never ended by OsMigrate.</summary>
    public bool IsOwnSession { get; }

    /// <summary>False when the server's certificate is not verified.</summary>
    public bool IsVerified { get; }
}
