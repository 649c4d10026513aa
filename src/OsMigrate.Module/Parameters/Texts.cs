using System.Collections;
using System.Globalization;

namespace OsMigrate.Module.Parameters;

/// <summary>Reads what users give as hashtables.</summary>
internal static class Texts
{
    /// <summary>Keys and values as text: numbers in the invariant form, booleans as true and false.</summary>
    public static IReadOnlyDictionary<string, string> Of(Hashtable? table)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table ?? [])
            texts[Text(entry.Key)] = Text(entry.Value);
        return texts;
    }

    private static string Text(object? value)
    {
        var plain = value is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => plain?.ToString() ?? "",
        };
    }
}
