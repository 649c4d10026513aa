using System.Collections;
using System.Management.Automation;
using OsMigrate.Shell.Hosting;

namespace OsMigrate.Shell.Cmdlets.Objects;

[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : InputCmdlet
{
    private readonly Queue<PSObject> _tail = [];
    private readonly List<PSObject> _unique = [];
    private PropertyExpression[] _properties = [];
    private WildcardPattern[] _excluded = [];
    private long _seen;
    private int _passed;

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string[]? ExcludeProperty { get; set; }

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Last { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter]
    public int[]? Index { get; set; }

    protected override void BeginProcessing()
    {
        _properties = PropertyExpression.Parse(Property ?? (ExcludeProperty is null ? null : ["*"]));
        _excluded = [.. (ExcludeProperty ?? []).Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        if (First == 0 && Last < 0)
            EngineInternals.StopUpstream(this);
    }

    protected override void ProcessRecord()
    {
        if (Current is not { } item)
            return;
        var at = _seen++;
        if (Index is not null)
        {
            if (Array.Exists(Index, wanted => wanted == at))
                Pass(item);
            return;
        }

        var skipsFromFront = Last < 0;
        if (skipsFromFront && at < Skip)
            return;
        if (First >= 0 && _passed < First)
            Pass(item);
        else if (Last >= 0 || SkipLast > 0)
            Keep(item);
        else if (First < 0)
            Pass(item);
        if (First >= 0 && _passed >= First && Last < 0)
            EngineInternals.StopUpstream(this);
    }

    protected override void EndProcessing()
    {
        if (Last < 0)
            return;
        while (_tail.Count > Skip)
            Pass(_tail.Dequeue());
    }

    /// <summary>Holds back as many as may turn out to be the last ones.</summary>
    private void Keep(PSObject item)
    {
        _tail.Enqueue(item);
        if (Last >= 0 && _tail.Count > Last + Skip)
            _tail.Dequeue();
        else if (Last < 0 && _tail.Count > SkipLast)
            Pass(_tail.Dequeue());
    }

    private void Pass(PSObject item)
    {
        _passed++;
        var selected = _properties.Length == 0 ? item : Selected(item);
        if (ExpandProperty is not null)
            Expand(item, selected);
        else
            Put(selected);
    }

    private PSObject Selected(PSObject item)
    {
        var result = new PSObject();
        foreach (var (name, value) in _properties.SelectMany(property => property.Columns(item)))
        {
            if (!Array.Exists(_excluded, pattern => pattern.IsMatch(name)) && result.Properties[name] is null)
                result.Properties.Add(new PSNoteProperty(name, value));
        }

        result.TypeNames.Insert(0, "Selected." + item.TypeNames[0]);
        return result;
    }

    private void Expand(PSObject item, PSObject selected)
    {
        if (item.Properties[ExpandProperty] is not { } property)
        {
            WriteError(new ErrorRecord(new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
            return;
        }

        foreach (var value in LanguagePrimitives.GetEnumerable(property.Value) ?? (property.Value is null ? (IEnumerable)Array.Empty<object>() : new[] { property.Value }))
        {
            var expanded = PSObject.AsPSObject(value);
            foreach (var extra in _properties.Length == 0 ? Enumerable.Empty<PSPropertyInfo>() : selected.Properties)
                expanded.Properties.Add(new PSNoteProperty(extra.Name, extra.Value));
            Put(expanded);
        }
    }

    private void Put(PSObject item)
    {
        if (Unique && _unique.Exists(earlier => Same(earlier, item)))
            return;
        if (Unique)
            _unique.Add(item);
        WriteObject(item);
    }

    private static bool Same(PSObject left, PSObject right)
    {
        if (left.BaseObject is not PSCustomObject || right.BaseObject is not PSCustomObject)
            return LanguagePrimitives.Equals(left.BaseObject, right.BaseObject);
        return left.Properties.Select(property => (property.Name, ValueOrder.Text(property.Value)))
            .SequenceEqual(right.Properties.Select(property => (property.Name, ValueOrder.Text(property.Value))));
    }
}
