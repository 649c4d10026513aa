using System.Management.Automation;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Reports;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Assessment;

/// <summary>Writes an assessment as a report: a page, tables, and data for programs.</summary>
[Cmdlet(VerbsData.Export, "MigrationReport", SupportsShouldProcess = true)]
[OutputType(typeof(ReportFile))]
public sealed class ExportMigrationReportCommand : AsyncCmdlet
{
    private readonly List<MachineAssessment> _machines = [];
    private string _destination = "";

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject")]
    public MachineAssessment[] Assessment { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("OutputDirectory")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    [ValidateSet("Html", "Csv", "Json", "Xlsx")]
    public string[] Format { get; set; } = ["Html", "Csv", "Json", "Xlsx"];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Migration assessment";

    [Parameter]
    public SwitchParameter Redact { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void CheckParameters() => _destination = FilePaths.Literal(SessionState, Destination);

    protected override void TakeRecord() => _machines.AddRange(Assessment);

    protected override void TakeEnd()
    {
        Run(_destination, () =>
        {
            var formats = Format.Aggregate(ReportFormats.None, static (all, f) => all | (ReportFormats)Enum.Parse(typeof(ReportFormats), f, ignoreCase: true));
            var report = new MigrationReport(new ReportOptions(_destination, formats, Title, Redact, Force));
            if (!Confirm($"Write a report on {_machines.Count} machines to '{_destination}': {string.Join(", ", report.FileNames)}.", $"Write the report to '{_destination}'?"))
                return;
            ReportProgress("Writing the report", _destination);
            foreach (var file in report.Write(_machines, Cancel))
                Emit(file);
        });
    }
}
