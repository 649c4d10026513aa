using Renci.SshNet;

namespace OsMigrate.Net.Ssh;

/// <summary>Opens a connection with one of SSH.NET's clients, with the host's key checked before anything of the user is sent.</summary>
internal static class SshConnection
{
    private const string CertificateMark = "-cert-v01@openssh.com";

    /// <param name="make">Makes the client; it is not connected yet.</param>
    public static HostKeyCheck Open(SshLogin login, Func<ConnectionInfo, BaseClient> make, CancellationToken cancel)
    {
        var check = new HostKeyCheck(login);
        var info = new ConnectionInfo(login.Host, login.Port, login.User, SshProofs.Of(login)) { Timeout = login.ConnectLimit };
        Prefer(info, check.PreferredTypes);
        var client = make(info);
        client.HostKeyReceived += (_, shown) => shown.CanTrust = check.Accepts(shown.HostKey);
        SshErrors.Guard(login, "the login", null, cancel, () =>
        {
            try
            {
                client.ConnectAsync(cancel).GetAwaiter().GetResult();
            }
            catch (Exception) when (check.Refusal is not null)
            {
                throw check.Refusal;
            }

            return true;
        });
        return check;
    }

    /// <summary>Asks for key types in which the host is known first, and never for a host's certificate: their authorities are not looked up.</summary>
    private static void Prefer(ConnectionInfo info, IReadOnlyList<string> known)
    {
        var offered = info.HostKeyAlgorithms.Where(a => !a.Key.EndsWith(CertificateMark, StringComparison.Ordinal)).ToList();
        info.HostKeyAlgorithms.Clear();
        foreach (var algorithm in offered.OrderBy(a => known.Contains(TypeOf(a.Key)) ? 0 : 1))
            info.HostKeyAlgorithms.Add(algorithm.Key, algorithm.Value);
    }

    // RFC 8332: the same RSA key, with another sum in its signature.
    private static string TypeOf(string algorithm) => algorithm is "rsa-sha2-512" or "rsa-sha2-256" ? "ssh-rsa" : algorithm;
}
