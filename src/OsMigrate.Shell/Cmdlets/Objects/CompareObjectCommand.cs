using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

[Cmdlet(VerbsData.Compare, "Object")]
public sealed class CompareObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _differences = [];
    private PropertyExpression[] _properties = [];

    [Parameter(Mandatory = true, Position = 0)]
    [AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = [];

    [Parameter]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter]
    public SwitchParameter ExcludeDifferent { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void ProcessRecord() => _differences.AddRange(DifferenceObject);

    protected override void EndProcessing()
    {
        _properties = PropertyExpression.Parse(Property);
        var unmatched = ReferenceObject.GroupBy(Key, Comparer).ToDictionary(group => group.Key, group => new Queue<PSObject>(group), Comparer);
        var added = new List<PSObject>();
        foreach (var item in _differences)
        {
            if (unmatched.TryGetValue(Key(item), out var same) && same.TryDequeue(out var reference))
                Put(reference, "==", IncludeEqual);
            else
                added.Add(item);
        }

        added.ForEach(item => Put(item, "=>", !ExcludeDifferent));
        foreach (var item in unmatched.Values.SelectMany(left => left))
            Put(item, "<=", !ExcludeDifferent);
    }

    private StringComparer Comparer => CaseSensitive ? StringComparer.CurrentCulture : StringComparer.CurrentCultureIgnoreCase;

    private string Key(PSObject item)
        => _properties.Length == 0 ? ValueOrder.Text(item) : string.Join('\0', _properties.Select(property => ValueOrder.Text(property.Value(item))));

    private void Put(PSObject item, string side, bool wanted)
    {
        if (!wanted)
            return;
        var result = PassThru ? item : new PSObject();
        if (!PassThru && _properties.Length == 0)
            result.Properties.Add(new PSNoteProperty("InputObject", item));
        foreach (var property in PassThru ? [] : _properties)
            result.Properties.Add(new PSNoteProperty(property.Name, property.Value(item)));
        result.Properties.Remove("SideIndicator");
        result.Properties.Add(new PSNoteProperty("SideIndicator", side));
        WriteObject(result);
    }
}
