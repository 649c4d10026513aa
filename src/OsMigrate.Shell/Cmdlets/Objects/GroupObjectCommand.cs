using System.Collections;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

/// <summary>Objects that agree in the chosen properties.</summary>
public sealed class ObjectGroup(IReadOnlyList<object?> values)
{
    public ArrayList Values { get; } = new(values.ToArray());

    public List<PSObject> Group { get; } = [];

    public int Count { get; internal set; }

    public string Name => string.Join(", ", Values.ToArray().Select(ValueOrder.Text));
}

[Cmdlet(VerbsData.Group, "Object")]
[OutputType(typeof(ObjectGroup), typeof(Hashtable))]
public sealed class GroupObjectCommand : InputCmdlet
{
    private readonly List<ObjectGroup> _groups = [];
    private readonly Dictionary<string, List<ObjectGroup>> _byName = [];
    private PropertyExpression[] _properties = [];

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    [Parameter]
    [Alias("AHT")]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter]
    public SwitchParameter AsString { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void BeginProcessing() => _properties = PropertyExpression.Parse(Property);

    protected override void ProcessRecord()
    {
        if (Current is not { } item)
            return;
        var values = _properties.Length == 0 ? [item.BaseObject is PSCustomObject ? item : item.BaseObject] : _properties.Select(property => property.Value(item)).ToArray();
        var group = Find(values);
        group.Count++;
        if (!NoElement)
            group.Group.Add(item);
    }

    protected override void EndProcessing()
    {
        var sorted = _groups.OrderBy(group => group.Values[0], new ValueOrder(CaseSensitive)).ToList();
        if (AsHashTable)
        {
            var table = new Hashtable(CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
            foreach (var group in sorted)
                table[AsString || group.Values.Count != 1 || group.Values[0] is null ? group.Name : group.Values[0]!] = group.Group.ToArray();
            WriteObject(table);
            return;
        }

        foreach (var group in sorted)
        {
            var shown = PSObject.AsPSObject(group);
            shown.TypeNames.Insert(0, NoElement ? "Microsoft.PowerShell.Commands.GroupInfoNoElement" : "Microsoft.PowerShell.Commands.GroupInfo");
            WriteObject(shown);
        }
    }

    private ObjectGroup Find(object?[] values)
    {
        var name = string.Join('\0', values.Select(ValueOrder.Text));
        name = CaseSensitive ? name : name.ToUpperInvariant();
        if (!_byName.TryGetValue(name, out var sameText))
            _byName[name] = sameText = [];
        var order = new ValueOrder(CaseSensitive);
        if (sameText.Find(group => group.Values.ToArray().SequenceEqual(values, order)) is { } found)
            return found;
        var added = new ObjectGroup(values);
        sameText.Add(added);
        _groups.Add(added);
        return added;
    }
}
