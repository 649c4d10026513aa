using System.Management.Automation;
using System.Text;
using OsMigrate.Shell.Cmdlets.Objects;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>Rows of separated values (RFC 4180): quotes around everything that is written; quotes, separators and line ends inside quotes when read.</summary>
internal static class CsvText
{
    public static string Row(IEnumerable<object?> values, char delimiter)
        => string.Join(delimiter, values.Select(value => value is null ? "" : '"' + ValueOrder.Text(value).Replace("\"", "\"\"", StringComparison.Ordinal) + '"'));

    public static string[] Columns(PSObject item)
        => item.BaseObject is System.Collections.IDictionary table
            ? [.. table.Keys.Cast<object>().Select(ValueOrder.Text)]
            : [.. item.Properties.Select(property => property.Name)];

    public static IEnumerable<object?> Values(PSObject item, IEnumerable<string> columns)
        => PropertyExpression.Parse(columns).Select(column => column.Value(item));

    /// <summary>Reads rows one by one. Empty lines are passed over.</summary>
    public static IEnumerable<IReadOnlyList<string?>> Read(TextReader reader, char delimiter)
    {
        while (ReadRow(reader, delimiter) is { } row)
        {
            if (row is not [null])
                yield return row;
        }
    }

    private static List<string?>? ReadRow(TextReader reader, char delimiter)
    {
        if (reader.Peek() < 0)
            return null;
        var row = new List<string?>();
        while (true)
        {
            row.Add(ReadField(reader, delimiter));
            var end = reader.Read();
            if (end == delimiter)
                continue;
            if (end == '\r' && reader.Peek() == '\n')
                _ = reader.Read();
            return row;
        }
    }

    /// <summary>Stops in front of the delimiter or the line's end. Null when there is nothing at all.</summary>
    private static string? ReadField(TextReader reader, char delimiter)
    {
        var text = new StringBuilder();
        var quoted = reader.Peek() == '"';
        if (quoted)
        {
            _ = reader.Read();
            ReadQuoted(reader, text);
        }

        while (reader.Peek() is var next && next >= 0 && next != delimiter && next != '\r' && next != '\n')
            text.Append((char)reader.Read());
        return quoted || text.Length > 0 ? text.ToString() : null;
    }

    private static void ReadQuoted(TextReader reader, StringBuilder text)
    {
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            if (next == '"')
            {
                if (reader.Peek() != '"')
                    return;
                _ = reader.Read();
            }

            text.Append((char)next);
        }
    }
}
