using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using OsMigrate.FirstBoot.Steps;

namespace OsMigrate.FirstBoot.Plan;

/// <summary>Reads plan.txt: a title with the plan's id, then one step a line, parts separated by tabs. What is not understood is not done, and said.</summary>
public static class PlanReader
{
    public const string Title = "OsMigrate first boot plan 1";
    public const int MaxSteps = 500;
    private const long MaxBytes = 1 << 20;

    /// <exception cref="IOException">It does not exist, or is no plan.</exception>
    public static ReadPlan Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new IOException("'" + path + "' is too large for a plan.");
        return Parse(File.ReadAllText(path, Encoding.UTF8).Split('\n'));
    }

    /// <exception cref="IOException">The first line is not a plan's.</exception>
    public static ReadPlan Parse(string[] lines)
    {
        var head = lines[0].TrimEnd('\r').Split('\t');
        if (head.Length != 2 || head[0] != Title || head[1].Length is 0 or > 64)
            throw new IOException("This is no plan for the first boot.");
        var plan = new ReadPlan(Texts.OneLine(head[1]));
        var network = new NetworkStep();
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0)
                continue;
            if (plan.Steps.Count >= MaxSteps)
            {
                plan.Complaints.Add("more than " + Texts.Number(MaxSteps) + " steps: the others are left out");
                break;
            }

            try
            {
                Take(plan, network, line.Split('\t'));
            }
            catch (ArgumentException e)
            {
                plan.Complaints.Add("line " + Texts.Number(i + 1) + " is left out: " + e.Message);
            }
        }

        return plan;
    }

    private static void Take(ReadPlan plan, NetworkStep network, string[] parts)
    {
        if (parts[0] == "address")
        {
            // Adapters are told apart by looking at all of them: one step for all lines.
            network.Add(AddressLine.Parse(parts));
            if (!plan.Steps.Contains(network))
                plan.Steps.Add(network);
            return;
        }

        plan.Steps.Add(Step(parts));
    }

    private static IStep Step(string[] parts)
    {
        if (parts.Length == 1)
        {
            return parts[0] switch
            {
                "disks" => new DataDiskStep(),
                "vmware-services" => new VMwareServiceStep(),
                "vmware-drivers" => new VMwareDriverStep(),
                _ => throw Unknown(parts),
            };
        }

        if (parts.Length != 2)
            throw Unknown(parts);
        return parts[0] switch
        {
            "driver" => new DriverStep(parts[1]),
            "install" => new InstallStep(parts[1]),
            "uninstall" => new UninstallStep(parts[1]),
            "script" => new ScriptStep(parts[1]),
            _ => throw Unknown(parts),
        };
    }

    private static ArgumentException Unknown(string[] parts) => new ArgumentException("'" + Texts.OneLine(parts[0].Length > 40 ? parts[0].Substring(0, 40) : parts[0]) + "' is not known, or has other parts");
}

/// <summary>A plan as it was understood.</summary>
public sealed class ReadPlan
{
    public ReadPlan(string id) => Id = id;

    public string Id { get; }

    public List<IStep> Steps { get; } = new List<IStep>();

    /// <summary>Lines that were left out, and why.</summary>
    public List<string> Complaints { get; } = new List<string>();
}
