using System;
using System.Collections.Generic;
using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Gives the new adapters the fixed addresses of the old ones.</summary>
public sealed class NetworkStep : IStep
{
    private const int WaitSeconds = 300;

    /// <summary>How long an adapter with the right MAC address is waited for before another may stand in.</summary>
    private const int MacOnlySeconds = 60;

    private const int PollSeconds = 5;
    private const int LimitSeconds = 60;

    private readonly List<AddressLine> _lines = new List<AddressLine>();

    public string Title => "fixed addresses";

    public int MaxAttempts => 3;

    public int PauseSeconds => 15;

    public void Add(AddressLine line) => _lines.Add(line);

    public StepOutcome Run(StepContext context)
    {
        var pairs = Wait(context);
        if (pairs is null)
            return StepOutcome.GivenUp("no adapters were found that the addresses belong to; set them by hand. Present: " + Names(context.Adapters.Present()));
        var failures = "";
        foreach (var pair in pairs)
        {
            if (Has(pair.Value, pair.Key))
                context.Log.Write("'" + pair.Value.Name + "' has its addresses already.");
            else if (!Set(context, pair.Key, pair.Value.Index))
                failures += " '" + pair.Value.Name + "'";
        }

        return failures.Length == 0 ? StepOutcome.Done(Texts.Number(pairs.Count) + " adapters set") : StepOutcome.Failed("netsh refused a part for" + failures);
    }

    /// <returns>Null when they do not appear.</returns>
    private List<KeyValuePair<AddressLine, Adapter>>? Wait(StepContext context)
    {
        for (var waited = 0; ; waited += PollSeconds)
        {
            var pairs = AdapterMatch.Pair(_lines, context.Adapters.Present(), byMacOnly: waited < MacOnlySeconds);
            if (pairs is not null || waited >= WaitSeconds || context.Clock.IsStopping)
                return pairs;
            context.Clock.Wait(PollSeconds);
        }
    }

    private static bool Has(Adapter adapter, AddressLine line)
    {
        foreach (var address in line.Addresses)
        {
            if (Array.IndexOf(adapter.Addresses, address[0]) < 0)
                return false;
        }

        return true;
    }

    private static bool Set(StepContext context, AddressLine line, int index)
    {
        var adapter = "name=" + Texts.Number(index);
        var commands = new List<string>();
        for (var i = 0; i < line.Addresses.Count; i++)
            commands.Add("interface ipv4 " + (i == 0 ? "set address " + adapter + " source=static" : "add address " + adapter) + " address=" + line.Addresses[i][0] + " mask=" + line.Addresses[i][1]);
        foreach (var gateway in line.Gateways)
            commands.Add("interface ipv4 add address " + adapter + " gateway=" + gateway[0] + " gwmetric=" + (gateway[1] == "automatic" ? "0" : gateway[1]));
        var counts = new int[2];
        foreach (var server in line.NameServers)
        {
            var isV6 = server.IndexOf(':') >= 0;
            commands.Add("interface " + (isV6 ? "ipv6" : "ipv4") + " add dnsserver " + adapter + " address=" + server + " index=" + Texts.Number(++counts[isV6 ? 1 : 0]));
        }

        var complete = true;
        foreach (var command in commands)
        {
            var outcome = context.RunTool("netsh.exe", command, LimitSeconds);
            // A name server that does not answer yet is set all the same; netsh says 1 then. What counts are the addresses.
            complete &= outcome.ExitCode == 0 || command.IndexOf(" dnsserver ", StringComparison.Ordinal) > 0;
        }

        return complete;
    }

    private static string Names(List<Adapter> adapters)
    {
        var text = "";
        foreach (var adapter in adapters)
            text += " '" + adapter.Name + "' " + adapter.Mac;
        return text.Length == 0 ? "none" : text.Trim();
    }
}
