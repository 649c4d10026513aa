using OsMigrate.Bytes;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace OsMigrate.Net.Ssh;

/// <summary>By what a user proves who they are: keys first, then the password.</summary>
internal static class SshProofs
{
    private const long LargestKey = 1 << 20;
    private static readonly string[] DefaultKeys = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.SshSettings"/>: the key file cannot be used, or there is nothing to prove anything by.</exception>
    public static AuthenticationMethod[] Of(SshLogin login)
    {
        var keys = new List<IPrivateKeySource>();
        if (login.KeyFile is { } file)
            keys.Add(Key(file, login.KeyPassphrase));
        if (login.UseAgent && login.KeyFile is null)
            keys.AddRange(new SshAgent().Keys());
        if (keys.Count == 0 && login.Password is null)
            keys.AddRange(OwnKeys());
        var methods = new List<AuthenticationMethod>();
        if (keys.Count > 0)
            methods.Add(new PrivateKeyAuthenticationMethod(login.User, [.. keys]));
        if (login.Password is { } password)
        {
            methods.Add(new PasswordAuthenticationMethod(login.User, password.Reveal()));
            methods.Add(Answers(login.User, password));
        }

        return methods.Count > 0 ? [.. methods]
            : throw new OsMigrateException(ErrorIds.SshSettings, ErrorKind.InvalidArgument, $"There is nothing to log in to {login.Name} with: no key file, no agent with keys, no password, and no key in ~/.ssh that is not locked.", login.Name)
            {
                Advice = "Give -KeyFile or -Credential, or start an ssh-agent and add a key to it.",
            };
    }

    /// <summary>Servers such as ESXi ask for the password in a dialogue; only hidden questions are answered with it.</summary>
    private static KeyboardInteractiveAuthenticationMethod Answers(string user, Secret password)
    {
        var dialogue = new KeyboardInteractiveAuthenticationMethod(user);
        dialogue.AuthenticationPrompt += (_, asked) =>
        {
            foreach (var prompt in asked.Prompts)
                prompt.Response = prompt.IsEchoed ? "" : password.Reveal();
        };
        return dialogue;
    }

    private static PrivateKeyFile Key(string file, Secret? passphrase)
    {
        try
        {
            if (new FileInfo(file).Length > LargestKey)
                throw Unusable(file, "it is too large for a private key", null);
            return passphrase is null ? new PrivateKeyFile(file) : new PrivateKeyFile(file, passphrase.Reveal());
        }
        catch (SshPassPhraseNullOrEmptyException e)
        {
            throw Unusable(file, "it is locked, and no passphrase was given (the password of -Credential)", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e) when (e is not OsMigrateException)
        {
            // What the parser says may quote the file; the kind of the fault is all that is told.
            throw Unusable(file, passphrase is null ? "it holds no private key that can be read" : "the passphrase is wrong, or it holds no private key that can be read", null);
        }
    }

    private static IEnumerable<IPrivateKeySource> OwnKeys()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        foreach (var file in DefaultKeys.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            if (TryKey(file) is { } key)
                yield return key;
        }
    }

    /// <summary>A default key that is locked or not readable is passed over, as ssh without a terminal does.</summary>
    private static PrivateKeyFile? TryKey(string file)
    {
        try
        {
            return Key(file, null);
        }
        catch (OsMigrateException)
        {
            return null;
        }
    }

    private static OsMigrateException Unusable(string file, string reason, Exception? inner)
        => new(ErrorIds.SshSettings, ErrorKind.InvalidArgument, $"The private key '{file}' cannot be used: {reason}.", file, inner);
}
