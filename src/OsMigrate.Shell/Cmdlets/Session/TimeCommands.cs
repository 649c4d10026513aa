using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Session;

[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = "Date")]
[OutputType(typeof(DateTime), typeof(string))]
public sealed class GetDateCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public DateTime? Date { get; set; }

    [Parameter]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    [Parameter]
    public int? Year { get; set; }

    [Parameter]
    public int? Month { get; set; }

    [Parameter]
    public int? Day { get; set; }

    [Parameter]
    public int? Hour { get; set; }

    [Parameter]
    public int? Minute { get; set; }

    [Parameter]
    public int? Second { get; set; }

    [Parameter]
    public long? UnixTimeSeconds { get; set; }

    protected override void ProcessRecord()
    {
        var start = UnixTimeSeconds is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds).LocalDateTime : Date ?? DateTime.Now;
        var date = new DateTime(Year ?? start.Year, Month ?? start.Month, Day ?? start.Day, Hour ?? start.Hour, Minute ?? start.Minute, Second ?? start.Second, start.Kind)
            .AddTicks(start.Ticks % TimeSpan.TicksPerSecond);
        if (AsUTC)
            date = date.ToUniversalTime();
        if (Format is null)
            WriteObject(date);
        else
            WriteObject(date.ToString(Pattern(Format), CultureInfo.CurrentCulture));
    }

    private static string Pattern(string format) => format.ToLowerInvariant() switch
    {
        "filedate" => "yyyyMMdd",
        "filedatetime" => "yyyyMMddTHHmmssffff",
        "filedateuniversal" => "yyyyMMddZ",
        "filedatetimeuniversal" => "yyyyMMddTHHmmssffffZ",
        _ => format,
    };
}

[Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Dates")]
[OutputType(typeof(TimeSpan))]
public sealed class NewTimeSpanCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Dates", ValueFromPipeline = true)]
    public DateTime? Start { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Dates")]
    public DateTime? End { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Days { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Hours { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Minutes { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Seconds { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord()
    {
        var now = DateTime.Now;
        WriteObject(ParameterSetName == "Parts" ? new TimeSpan(Days, Hours, Minutes, Seconds, Milliseconds) : (End ?? now) - (Start ?? now));
    }
}

[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Seconds", ValueFromPipeline = true)]
    [ValidateRange(0.0, int.MaxValue / 1000.0)]
    public double Seconds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds")]
    [Alias("ms")]
    [ValidateRange(0, int.MaxValue)]
    public int Milliseconds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Duration")]
    public TimeSpan Duration { get; set; }

    protected override void ProcessRecord() => _stop.Wait(ParameterSetName switch
    {
        "Seconds" => TimeSpan.FromSeconds(Seconds),
        "Milliseconds" => TimeSpan.FromMilliseconds(Milliseconds),
        _ => Duration,
    });

    protected override void StopProcessing() => _stop.Set();

    public void Dispose() => _stop.Dispose();
}

[Cmdlet(VerbsDiagnostic.Measure, "Command")]
[OutputType(typeof(TimeSpan))]
public sealed class MeasureCommandCommand : PSCmdlet
{
    private readonly Stopwatch _watch = new();

    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock? Expression { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        _watch.Start();
        InvokeCommand.InvokeScript(false, Expression, null, InputObject);
        _watch.Stop();
    }

    protected override void EndProcessing() => WriteObject(_watch.Elapsed);
}
