using System.Diagnostics;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Waits for proof that the guest has started, and leaves the server on or off as planned.</summary>
internal sealed class BootWatch(ServersClient servers, CloudJobPlan plan, IJobWatcher watcher, CancellationToken cancel)
{
    private const int ConsoleTail = 20_000;

    /// <returns>The server as it is then, and the end of its console where a text was waited for.</returns>
    public (Server Server, string? Console) Await(Server server)
    {
        var activity = $"{plan.ServerName}: start";
        var console = plan.WaitForText is { } text ? AwaitText(server, text, activity) : null;
        if (plan.WaitForPort is { } port)
            AwaitPort(server, port, activity);
        var now = servers.Get(server.Id, cancel) ?? server;
        if (!plan.LeaveOff)
            return (now, console);
        if (now.Status == "ACTIVE")
            servers.Act(server.Id, "os-stop", null, cancel);
        return (servers.WaitFor(server, ["SHUTOFF"], plan.Limit, cancel, s => watcher.Waiting(activity, s.Status)), console);
    }

    private string AwaitText(Server server, string text, string activity)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var console = servers.ConsoleLog(server.Id, null, cancel);
            if (console.Contains(text))
                return console.Length > ConsoleTail ? console.Substring(console.Length - ConsoleTail) : console;
            var last = console.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0);
            if (clock.Elapsed > plan.Limit)
                throw new OsMigrateException(ErrorIds.CloudTimeout, ErrorKind.ResourceUnavailable, $"The console of the server '{server.Name}' did not show '{text}' in {plan.Limit.TotalMinutes:0.#} minutes. Its last line: {Shown(last)}", server.Id);
            watcher.Waiting(activity, "Console: " + Shown(last));
            Pause();
        }
    }

    private void AwaitPort(Server server, int port, string activity)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var addresses = (servers.Get(server.Id, cancel) ?? server).Addresses;
            foreach (var address in addresses.OrderBy(a => a.Type == "floating" ? 0 : 1))
            {
                if (TcpPort.Answers(address.Address, port, TimeSpan.FromSeconds(3), cancel))
                    return;
            }

            if (clock.Elapsed > plan.Limit)
                throw new OsMigrateException(ErrorIds.CloudTimeout, ErrorKind.ResourceUnavailable, $"The server '{server.Name}' did not answer on port {port} in {plan.Limit.TotalMinutes:0.#} minutes, at {string.Join(", ", addresses.Select(a => a.Address))}.", server.Id);
            watcher.Waiting(activity, $"No answer on port {port} yet");
            Pause();
        }
    }

    private void Pause()
    {
        cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(2));
        cancel.ThrowIfCancellationRequested();
    }

    private static string Shown(string? line) => line is null ? "(nothing yet)" : new string(line.Where(c => !char.IsControl(c)).Take(100).ToArray());
}
