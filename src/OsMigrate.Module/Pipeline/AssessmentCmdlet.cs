using System.Collections;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Module.Parameters;

namespace OsMigrate.Module.Pipeline;

/// <summary>What an assessment is made with: rates, limits of waves, groups.</summary>
public abstract class AssessmentCmdlet : AsyncCmdlet
{
    [Parameter]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    [Parameter]
    [ValidateNotNull]
    public Hashtable Group { get; set; } = [];

    [Parameter]
    [ValidateRange(0.1, 100_000)]
    public double CopyRate { get; set; }

    [Parameter]
    [ValidateRange(0.1, 100_000)]
    public double TotalRate { get; set; }

    [Parameter]
    [ValidateRange(0.1, 100_000)]
    public double VolumeRate { get; set; }

    [Parameter]
    [ValidateRange(0, 10_000)]
    public int OverheadMinutes { get; set; } = 5;

    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 4;

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int WaveSize { get; set; } = 50;

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int WaveHours { get; set; } = 8;

    [Parameter]
    [ValidateRange(0, 1000)]
    public int PilotSize { get; set; } = 5;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? Baseline { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? JobPath { get; set; }

    private EarlierReport? _baseline;

    protected override void CheckParameters() => _baseline = Baseline is null ? null : EarlierReport.Read(FilePaths.Existing(SessionState, Baseline));

    /// <summary>In the background: all of it together.</summary>
    /// <param name="jobs">Records of past jobs, which rates are learnt from.</param>
    private protected AssessmentOptions Options(JobStore jobs, CloudOffer? cloud) => new()
    {
        Cloud = cloud,
        Rates = Rates(jobs),
        Waves = new WaveLimits { MaxMachines = WaveSize, MaxDuration = TimeSpan.FromHours(WaveHours), PilotMachines = PilotSize },
        Groups = Groups(),
        Baseline = _baseline,
    };

    /// <summary>What the user says comes first, then what was measured, then what is published.</summary>
    private MigrationRates Rates(JobStore jobs)
    {
        var known = MeasuredRates.From(jobs, new MigrationRates { Overhead = TimeSpan.FromMinutes(OverheadMinutes), ParallelCount = ThrottleLimit });
        var given = new[] { Given(nameof(CopyRate), CopyRate, "MiB/s a machine"), Given(nameof(TotalRate), TotalRate, "MiB/s in all"), Given(nameof(VolumeRate), VolumeRate, "MiB/s from image to volume"), Given(nameof(OverheadMinutes), OverheadMinutes, "minutes each") }.Where(static g => g.Length > 0).ToList();
        return known with
        {
            CopyMiBPerSecond = CopyRate > 0 ? CopyRate : known.CopyMiBPerSecond,
            TotalMiBPerSecond = TotalRate > 0 ? TotalRate : known.TotalMiBPerSecond,
            VolumeMiBPerSecond = VolumeRate > 0 ? VolumeRate : known.VolumeMiBPerSecond,
            Source = given.Count == 0 ? known.Source : $"given: {string.Join(", ", given)}; else {known.Source}",
        };
    }

    private string Given(string parameter, double value, string unit) => MyInvocation.BoundParameters.ContainsKey(parameter) ? FormattableString.Invariant($"{value:0.#} {unit}") : "";

    private Dictionary<string, string> Groups()
    {
        var groups = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in Group)
        {
            var members = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            foreach (var machine in (members is IEnumerable many and not string ? many.Cast<object?>() : [members]).Select(static m => m?.ToString() ?? ""))
            {
                if (groups.TryGetValue(machine, out var other) && other != entry.Key.ToString())
                    throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"-Group has '{machine}' in '{other}' and in '{entry.Key}'; put both groups into one.", machine);
                groups[machine] = entry.Key.ToString() ?? "";
            }
        }

        return groups;
    }
}
