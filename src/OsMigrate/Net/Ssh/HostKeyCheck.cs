using OsMigrate.Bytes;

namespace OsMigrate.Net.Ssh;

/// <summary>Decides during a login whether the host is the one that is meant, and keeps the reason when it is not.</summary>
internal sealed class HostKeyCheck(SshLogin login)
{
    private readonly KnownHosts _known = new(login.SkipHostKeyCheck ? [] : login.KnownHostsFiles);

    /// <summary>Why the host was refused; null when it was not, or has not shown its key yet.</summary>
    public OsMigrateException? Refusal { get; private set; }

    /// <summary>The file that a new key was added to; null when none was.</summary>
    public string? AddedTo { get; private set; }

    /// <summary>Key types to ask for first.</summary>
    public IReadOnlyList<string> PreferredTypes => _known.TypesOf(login.Host, login.Port);

    public bool Accepts(byte[] blob)
    {
        try
        {
            Refusal = Judge(new HostKey(SshWire.KeyType(blob) ?? "unknown", blob));
        }
        catch (OsMigrateException e)
        {
            Refusal = e;
        }

        return Refusal is null;
    }

    private OsMigrateException? Judge(HostKey key)
    {
        if (login.SkipHostKeyCheck)
            return null;
        var verdict = _known.Judge(login.Host, login.Port, key, out var line);
        if (verdict == HostKeyVerdict.Unknown && login.AcceptNewHostKey)
        {
            AddedTo = _known.Add(login.Host, login.Port, key);
            return null;
        }

        return verdict switch
        {
            HostKeyVerdict.Trusted => null,
            HostKeyVerdict.Unknown => Unknown(key),
            HostKeyVerdict.Revoked => new OsMigrateException(ErrorIds.SshHostKeyRevoked, ErrorKind.PermissionDenied, $"{login.Name} shows a key that is revoked: {key.Type} {key.Fingerprint} ('{line!.File}', line {line.Number}). Nothing was sent.", login.Name)
            {
                Advice = "Somebody may be using a stolen key. Ask who runs the host.",
            },
            _ => Changed(key, line!),
        };
    }

    private OsMigrateException Unknown(HostKey key)
        => new(ErrorIds.SshUnknownHostKey, ErrorKind.PermissionDenied, $"{login.Name} is not known: none of {string.Join(", ", login.KnownHostsFiles.Select(f => $"'{f}'"))} has its key. It shows {key.Type} {key.Fingerprint}. Nothing was sent.", login.Name)
        {
            Advice = "Compare that fingerprint with the host's own (there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). When it is right, add the key with -AcceptNewHostKey, or log in once with ssh.",
        };

    private OsMigrateException Changed(HostKey key, KnownHostLine line)
        => new(ErrorIds.SshHostKeyChanged, ErrorKind.PermissionDenied, $"{login.Name} shows another key than the one it is known by: {key.Type} {key.Fingerprint}; '{line.File}', line {line.Number}, has {line.KeyType} {HostKey.FingerprintOf(line.Key)}. Nothing was sent.", login.Name)
        {
            Advice = $"The host was set up anew, or somebody is in between. When it was set up anew: ssh-keygen -R '{KnownHosts.NameOf(login.Host, login.Port)}' -f '{line.File}', then -AcceptNewHostKey.",
        };
}
