namespace OsMigrate.Migrations.Assessment;

/// <summary>Proposes in which order machines move: what belongs together moves together, the harmless and small first, no wave longer than allowed.</summary>
internal static class WavePlanner
{
    /// <summary>The machines with their waves. What cannot be moved as it is, or is not known enough, gets none, and keeps its group from moving without being asked.</summary>
    public static IReadOnlyList<MachineAssessment> Plan(IReadOnlyList<MachineAssessment> machines, WaveLimits limits, MigrationRates rates)
    {
        var waves = new int?[machines.Count];
        var units = Enumerable.Range(0, machines.Count).Where(i => CanMove(machines[i]))
            .GroupBy(i => machines[i].Group.Length > 0 ? machines[i].Group : "\n" + i, StringComparer.Ordinal)
            .Select(g => new Unit([.. g], g.Max(i => machines[i].Risk), g.Sum(i => machines[i].CopyBytes ?? 0)))
            .OrderBy(static u => u.Risk).ThenBy(static u => u.Bytes).ThenBy(static u => u.Machines[0]).ToList();
        var (number, current) = (0, new List<int>());
        foreach (var unit in units)
        {
            var isPilot = number <= 1 && limits.PilotMachines > 0;
            var most = isPilot ? Math.Min(limits.PilotMachines, limits.MaxMachines) : limits.MaxMachines;
            if (number == 0 || current.Count + unit.Machines.Count > most || Time(current.Concat(unit.Machines), machines, rates) > limits.MaxDuration)
            {
                // A unit that is too large by itself still moves as one: it gets a wave of its own.
                number++;
                current = [];
            }

            current.AddRange(unit.Machines);
            foreach (var i in unit.Machines)
                waves[i] = number;
        }

        return [.. machines.Select((m, i) => m with { Wave = waves[i] })];
    }

    private static bool CanMove(MachineAssessment machine)
        => machine.Verdict is MigrationVerdict.Migratable or MigrationVerdict.MigratableWithWarnings && !machine.Machine.IsTemplate;

    private static TimeSpan Time(IEnumerable<int> wave, IReadOnlyList<MachineAssessment> machines, MigrationRates rates) => rates.Of([.. wave.Select(i => machines[i].CopyBytes ?? 0)]);

    private sealed record Unit(IReadOnlyList<int> Machines, MigrationRisk Risk, long Bytes);
}
