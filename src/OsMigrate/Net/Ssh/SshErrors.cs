using System.Net.Sockets;
using OsMigrate.Bytes;
using Renci.SshNet.Common;

namespace OsMigrate.Net.Ssh;

/// <summary>Turns what SSH connections throw into our own errors. The only place that does.</summary>
internal static class SshErrors
{
    /// <summary>Runs one exchange with a host; whatever it throws comes out as an error of ours.</summary>
    /// <param name="doing">What was being done, for the message: "reading '/etc/nova/nova.conf'".</param>
    /// <param name="path">The remote path it is about; null when there is none.</param>
    public static T Guard<T>(SshLogin login, string doing, string? path, CancellationToken cancel, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not OsMigrateException && !(e is OperationCanceledException && cancel.IsCancellationRequested))
        {
            cancel.ThrowIfCancellationRequested();
            throw Map(e is AggregateException { InnerExceptions.Count: 1 } ? e.InnerException! : e, login, doing, path);
        }
    }

    public static OsMigrateException Map(Exception e, SshLogin login, string doing, string? path) => e switch
    {
        SshAuthenticationException => new(ErrorIds.SshUnauthorized, ErrorKind.PermissionDenied, $"{login.Name} refused to let '{login.User}' in{Tried(login)}.", login.Name, e)
        {
            Advice = "Check the user's name, its key or password, and which ways of logging in the host's sshd allows.",
        },
        SftpPathNotFoundException => new(ErrorIds.SshFileNotFound, ErrorKind.NotFound, $"There is no '{path}' on {login.Name}.", path, e),
        SftpPermissionDeniedException => new(ErrorIds.SshFileAccess, ErrorKind.PermissionDenied, $"'{login.User}' may not do this on {login.Name}: {doing}.", path, e),
        SftpException => new(ErrorIds.SshFileAccess, ErrorKind.ResourceUnavailable, $"{login.Name} failed in {doing}: {e.Message.TrimEnd('.')}.", path ?? login.Name, e),
        SshOperationTimeoutException or OperationCanceledException or TimeoutException => new(ErrorIds.NetTimeout, ErrorKind.ResourceUnavailable, $"{login.Name} did not answer in time in {doing}.", login.Name, e),
        SocketException socket => new(ErrorIds.NetUnreachable, ErrorKind.ResourceUnavailable, $"{login.Name} cannot be reached: {socket.Message.TrimEnd('.')}.", login.Name, e) { Advice = "Check the name, the port, the firewall, and that sshd runs there." },
        _ => new(ErrorIds.NetInterrupted, ErrorKind.ResourceUnavailable, $"The SSH connection to {login.Name} failed in {doing}: {e.GetBaseException().Message.TrimEnd('.')}.", login.Name, e),
    };

    private static string Tried(SshLogin login)
    {
        var ways = new List<string>();
        if (login.KeyFile is { } file)
            ways.Add($"the key '{file}'");
        else if (login.UseAgent)
            ways.Add("the keys of the agent or of ~/.ssh");
        if (login.Password is not null)
            ways.Add("a password");
        return " with " + string.Join(" and ", ways);
    }
}
