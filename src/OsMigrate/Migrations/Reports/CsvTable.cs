using System.Globalization;
using System.Text;

namespace OsMigrate.Migrations.Reports;

/// <summary>Writes CSV that a spreadsheet opens without running anything in it.</summary>
/// <remarks>RFC 4180, with a byte order mark, without which Excel takes UTF-8 for another encoding. OWASP, "CSV Injection": cells that begin with = + - @, tab or carriage return get an apostrophe.</remarks>
internal sealed class CsvTable
{
    private readonly StringBuilder _text = new("\uFEFF");

    public CsvTable(IEnumerable<string> headers) => Add(headers);

    public void Add(IEnumerable<object?> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
                _text.Append(',');
            first = false;
            Write(cell is IFormattable number and not Enum ? number.ToString(null, CultureInfo.InvariantCulture) : Neutral(cell?.ToString() ?? ""));
        }

        _text.Append("\r\n");
    }

    public override string ToString() => _text.ToString();

    /// <summary>A text that no spreadsheet takes for a formula.</summary>
    internal static string Neutral(string text)
    {
        var plain = text.Replace("\0", "");
        // Spaces before the sign do not keep every program from reading a formula; neither do the wide forms of the signs.
        var start = plain.TrimStart(' ', '\u00A0', '\u3000', '"', '\'');
        return (start.Length > 0 && start[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20') || (plain.Length > 0 && char.IsControl(plain[0])) ? "'" + plain : plain;
    }

    private void Write(string cell)
    {
        if (cell.IndexOfAny(['"', ',', ';', '\r', '\n', '\t']) < 0 && cell.Trim().Length == cell.Length)
        {
            _text.Append(cell);
            return;
        }

        _text.Append('"').Append(cell.Replace("\"", "\"\"")).Append('"');
    }
}
