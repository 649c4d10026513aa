using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : InputCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = int.MaxValue;

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Bottom { get; set; } = int.MaxValue;

    protected override void ProcessRecord()
    {
        if (Current is { } item)
            _items.Add(item);
    }

    protected override void EndProcessing()
    {
        var order = new ValueOrder(CaseSensitive);
        var keys = PropertyExpression.Parse(Property).Select(key => (Value: (Func<PSObject, object?>)key.Value, Down: key.Descending ?? Descending)).ToArray();
        if (keys.Length == 0)
            keys = [(item => item, Descending)];
        var sorted = Sort(keys, order).ToList();
        if (Unique)
            sorted = [.. sorted.Where((item, at) => at == 0 || Array.Exists(keys, key => order.Compare(key.Value(item), key.Value(sorted[at - 1])) != 0))];
        WriteObject(sorted.Take(Top).Skip(Math.Max(0, Math.Min(Top, sorted.Count) - Bottom)), enumerateCollection: true);
    }

    /// <summary>Objects that are equal stay in the order in which they came.</summary>
    private IEnumerable<PSObject> Sort((Func<PSObject, object?> Value, bool Down)[] keys, ValueOrder order)
    {
        var sorted = keys[0].Down ? _items.OrderByDescending(keys[0].Value, order) : _items.OrderBy(keys[0].Value, order);
        foreach (var (value, down) in keys.Skip(1))
            sorted = down ? sorted.ThenByDescending(value, order) : sorted.ThenBy(value, order);
        return sorted;
    }
}
