using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Waits until a text appears on a server's serial console.</summary>
public sealed class ConsoleWatch(CloudSession session)
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(5);

    private readonly ServersClient _servers = new(session);

    /// <summary>Told the console's last line at each look.</summary>
    public Action<string>? Seen { get; init; }

    /// <summary>Which protocol a type of console speaks (Compute API v2.1, "Create console").</summary>
    public static string Protocol(string type) => type switch { "spice-html5" => "spice", "serial" => "serial", "rdp-html5" => "rdp", "webmks" => "mks", _ => "vnc" };

    /// <returns>The whole log up to then.</returns>
    /// <param name="pattern">A regular expression, without regard to case.</param>
    /// <exception cref="OsMigrateException">It did not appear in time, or the server went to ERROR; the message ends with the console's last line.</exception>
    public string For(Server server, string pattern, TimeSpan limit, CancellationToken cancel)
    {
        var wanted = Expression(pattern);
        var last = "";
        try
        {
            return Waiting.For(
                () => Read(server, cancel),
                log =>
                {
                    last = LastLine(log);
                    Seen?.Invoke(last);
                    return wanted.IsMatch(log);
                },
                $"'{pattern}' on the console of '{server.Name}'",
                limit,
                cancel);
        }
        catch (OsMigrateException e) when (e.ErrorId == ErrorIds.CloudTimeout)
        {
            throw new OsMigrateException(e.ErrorId, e.Kind, $"{e.Message} {(last.Length == 0 ? "The console is empty." : $"Its last line: {last}")}", server.Id, e);
        }
    }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: it is no regular expression.</exception>
    public static Regex Expression(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException e)
        {
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{pattern}' is not a regular expression: {e.Message}", pattern, e);
        }
    }

    /// <summary>A server that is still being built has no console yet.</summary>
    private string Read(Server server, CancellationToken cancel)
    {
        try
        {
            return _servers.ConsoleLog(server.Id, null, cancel);
        }
        catch (CloudException e) when (e.Status is 404 or 409)
        {
            var now = _servers.Get(server.Id, cancel);
            if (now is { Status: "ERROR" })
                throw ServersClient.Failed(now);
            if (now is null || (now.TaskState is null && now.Status is not ("BUILD" or "REBOOT" or "HARD_REBOOT")))
                throw;
            return "";
        }
    }

    private static string LastLine(string log)
    {
        var line = log.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0) ?? "";
        var plain = new string(line.Where(c => !char.IsControl(c)).ToArray());
        return plain.Length > 200 ? plain.Substring(0, 200) : plain;
    }
}
