using System.Collections;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

/// <summary>What stands after -Property: a name, possibly with wildcards, a script block, or a table with Name (or Label) and Expression.</summary>
internal sealed class PropertyExpression
{
    private readonly WildcardPattern? _pattern;
    private readonly ScriptBlock? _block;
    private readonly string _property = "";

    private PropertyExpression(object expression, string? name, bool? descending)
    {
        Descending = descending;
        if (expression is ScriptBlock block)
        {
            _block = block;
            Name = name ?? block.ToString().Trim();
            return;
        }

        _property = LanguagePrimitives.ConvertTo<string>(expression);
        Name = name ?? _property;
        if (WildcardPattern.ContainsWildcardCharacters(_property))
            _pattern = WildcardPattern.Get(_property, WildcardOptions.IgnoreCase);
    }

    public string Name { get; }

    /// <summary>Sort order of this property alone; null when the table does not say.</summary>
    public bool? Descending { get; }

    public static PropertyExpression[] Parse(IEnumerable<object>? expressions) => [.. (expressions ?? []).Select(Parse)];

    /// <summary>The values of an object, by column name. Wildcards give several; a property the object lacks gives null.</summary>
    public IEnumerable<(string Name, object? Value)> Columns(PSObject item)
        => _pattern is null
            ? [(Name, Value(item))]
            : item.Properties.Where(property => _pattern.IsMatch(property.Name)).Select(property => (property.Name, Read(property)));

    public object? Value(PSObject item)
    {
        if (_block is null)
            return item.BaseObject is IDictionary table && table.Contains(_property) ? table[_property] : Read(item.Properties[_property]);
        var results = _block.InvokeWithContext(null, [new PSVariable("_", item)]);
        return results.Count switch { 0 => null, 1 => results[0], _ => results.ToArray() };
    }

    private static PropertyExpression Parse(object given)
    {
        var plain = given is PSObject wrapped ? wrapped.BaseObject : given;
        if (plain is not IDictionary table)
            return new PropertyExpression(plain, null, null);
        var expression = Entry(table, "Expression") ?? Entry(table, "Name")
            ?? throw new PSArgumentException("A calculated property is a table with Name and Expression: @{ Name = 'GiB'; Expression = { $_.Length / 1GB } }.");
        bool? descending = Entry(table, "Descending") is { } down ? LanguagePrimitives.IsTrue(down)
            : Entry(table, "Ascending") is { } up ? !LanguagePrimitives.IsTrue(up) : null;
        return new PropertyExpression(expression, (Entry(table, "Name") ?? Entry(table, "Label"))?.ToString(), descending);
    }

    /// <summary>An entry by its name or an unambiguous beginning of it, as in @{n='GiB';e={...}}.</summary>
    private static object? Entry(IDictionary table, string name)
        => table.Keys.OfType<string>().Where(key => key.Length > 0 && name.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            .Select(key => table[key] is PSObject wrapped ? wrapped.BaseObject : table[key]).FirstOrDefault();

    /// <summary>A property whose getter fails counts as empty, as it does when a table is shown.</summary>
    private static object? Read(PSPropertyInfo? property)
    {
        try
        {
            return property?.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
