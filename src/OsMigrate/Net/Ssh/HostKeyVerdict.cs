namespace OsMigrate.Net.Ssh;

/// <summary>What the known_hosts files say of the key that a host shows.</summary>
internal enum HostKeyVerdict
{
    Trusted,

    /// <summary>No line names the host.</summary>
    Unknown,

    /// <summary>The host is known by other keys.</summary>
    Changed,

    Revoked,
}
