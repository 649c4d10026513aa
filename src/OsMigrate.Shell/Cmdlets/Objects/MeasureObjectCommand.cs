using System.Globalization;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

/// <summary>What Measure-Object found; what was not asked for is empty.</summary>
public sealed record MeasureInfo(long Count, double? Average, double? Sum, object? Maximum, object? Minimum, double? StandardDeviation, string? Property);

/// <summary>What Measure-Object -Line, -Word, -Character found.</summary>
public sealed record TextMeasureInfo(long? Lines, long? Words, long? Characters);

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
[OutputType(typeof(MeasureInfo), typeof(TextMeasureInfo))]
public sealed class MeasureObjectCommand : InputCmdlet
{
    private readonly Dictionary<string, List<object>> _values = new(StringComparer.OrdinalIgnoreCase);
    private long _count;
    private long _lines;
    private long _words;
    private long _characters;

    [Parameter(Position = 0)]
    public string[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter StandardDeviation { get; set; }

    [Parameter]
    public SwitchParameter AllStats { get; set; }

    [Parameter]
    public SwitchParameter Line { get; set; }

    [Parameter]
    public SwitchParameter Word { get; set; }

    [Parameter]
    public SwitchParameter Character { get; set; }

    private bool MeasuresText => Line || Word || Character;

    private bool NeedsNumbers => Sum || Average || StandardDeviation || AllStats;

    protected override void ProcessRecord()
    {
        if (Current is not { } item)
            return;
        _count++;
        if (MeasuresText)
            Count(ValueOrder.Text(item));
        foreach (var property in Property ?? [""])
        {
            if ((property.Length == 0 ? item.BaseObject : new Func<object?>(() => PropertyExpression.Parse([property])[0].Value(item))()) is { } value)
                Add(property, value is PSObject wrapped ? wrapped.BaseObject : value, item);
        }
    }

    protected override void EndProcessing()
    {
        if (MeasuresText)
            WriteObject(new TextMeasureInfo(Line ? _lines : null, Word ? _words : null, Character ? _characters : null));
        else if (Property is null)
            WriteObject(Summary(null, _values.GetValueOrDefault("") ?? [], _count));
        else
            WriteObject(Property.Where(_values.ContainsKey).Select(name => Summary(name, _values[name], _values[name].Count)), enumerateCollection: true);
    }

    private void Count(string text)
    {
        _lines += text.Length == 0 ? 0 : text.TrimEnd('\n').Count(character => character == '\n') + 1;
        _words += text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        _characters += text.Length;
    }

    private void Add(string property, object value, PSObject item)
    {
        if (NeedsNumbers && !LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out double _))
        {
            WriteError(new ErrorRecord(new PSArgumentException($"\"{value}\" is not a number."), "NonNumericInputObject", ErrorCategory.InvalidType, item));
            return;
        }

        if (!_values.TryGetValue(property, out var values))
            _values[property] = values = [];
        values.Add(value);
    }

    private MeasureInfo Summary(string? property, List<object> values, long count)
    {
        var numbers = NeedsNumbers ? values.ConvertAll(LanguagePrimitives.ConvertTo<double>) : [];
        var any = numbers.Count > 0;
        var order = new ValueOrder(caseSensitive: false);
        return new MeasureInfo(
            count,
            (Average || AllStats) && any ? numbers.Average() : null,
            (Sum || AllStats) && any ? numbers.Sum() : null,
            (Maximum || AllStats) && values.Count > 0 ? Number(values.Max(order)) : null,
            (Minimum || AllStats) && values.Count > 0 ? Number(values.Min(order)) : null,
            (StandardDeviation || AllStats) && any ? Deviation(numbers) : null,
            property);
    }

    /// <summary>Numbers come out as double, as they do from PowerShell's own command.</summary>
    private static object? Number(object? value) => value is not null and not string && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out double number) && value is not DateTime ? number : value;

    private static double Deviation(List<double> numbers)
    {
        if (numbers.Count < 2)
            return 0;
        var mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / (numbers.Count - 1));
    }
}
