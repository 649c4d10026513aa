using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Session;

[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "Number")]
public sealed class GetRandomCommand : PSCmdlet
{
    private readonly List<object?> _items = [];

    [Parameter(Position = 0, ParameterSetName = "Number")]
    public object? Maximum { get; set; }

    [Parameter(ParameterSetName = "Number")]
    public object? Minimum { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "List")]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Shuffle")]
    [AllowNull]
    public object?[]? InputObject { get; set; }

    [Parameter(ParameterSetName = "Number")]
    [Parameter(ParameterSetName = "List")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    [Parameter(Mandatory = true, ParameterSetName = "Shuffle")]
    public SwitchParameter Shuffle { get; set; }

    [Parameter]
    public int? SetSeed { get; set; }

    protected override void ProcessRecord() => _items.AddRange(InputObject ?? []);

    protected override void EndProcessing()
    {
        // The same seed gives the same sequence: for repeatable tests, not for secrets.
#pragma warning disable CA5394
        var random = SetSeed is { } seed ? new Random(seed) : Random.Shared;
        if (ParameterSetName != "Number")
        {
            var items = _items.ToArray();
            random.Shuffle(items);
            WriteObject(items.Take(Shuffle ? items.Length : Count), enumerateCollection: true);
            return;
        }

        for (var drawn = 0; drawn < Count; drawn++)
            WriteObject(Number(random));
#pragma warning restore CA5394
    }

    private object Number(Random random)
    {
        if (IsReal(Minimum) || IsReal(Maximum))
        {
            var low = LanguagePrimitives.ConvertTo<double>(Minimum ?? 0.0);
            return low + (random.NextDouble() * (LanguagePrimitives.ConvertTo<double>(Maximum ?? double.MaxValue) - low));
        }

        var from = LanguagePrimitives.ConvertTo<long>(Minimum ?? 0L);
        var to = LanguagePrimitives.ConvertTo<long>(Maximum ?? (long)int.MaxValue);
        if (from >= to)
            ThrowTerminatingError(new ErrorRecord(new ArgumentException($"The minimum ({from}) must be less than the maximum ({to})."), "MinGreaterThanOrEqualMax", ErrorCategory.InvalidArgument, null));
        var number = random.NextInt64(from, to);
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : number;
    }

    private static bool IsReal(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) is double or float or decimal;
}
