using System.Globalization;

namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>What values an option takes, checked as oslo_config/types.py does it.</summary>
/// <param name="Name">boolean, integer, port, float, string, string! (choices by exact case), list:KIND, list[KIND] (in brackets), dict, dict[] (in braces), ip, hostaddress ... or other.</param>
/// <param name="Choices">The allowed values; empty for any.</param>
public sealed record OptionType(string Name, double? Least, double? Most, IReadOnlyList<string> Choices)
{
    private static readonly string[] Booleans = ["true", "1", "on", "yes", "false", "0", "off", "no"];

    public bool IsList => Name.StartsWith("list", StringComparison.Ordinal);

    /// <summary>Why a value will not do; null when it will. The text does not repeat the value, which may be a secret.</summary>
    public string? Fault(string value)
    {
        if (Name.StartsWith("list:", StringComparison.Ordinal))
            return Items(value.Trim().TrimEnd(','));
        if (Name.StartsWith("list[", StringComparison.Ordinal))
            return Enclosed(value.Trim(), '[', ']') is { } inner ? Items(inner) : "should be enclosed in [ ]";
        if (Name == "dict")
            return Pairs(value.Trim());
        if (Name == "dict[]")
            return Enclosed(value.Trim(), '{', '}') is { } inner ? Pairs(inner) : "should be enclosed in { }";
        return Single(Name, value);
    }

    private string? Single(string kind, string value) => kind switch
    {
        "boolean" => Booleans.Contains(value.ToLowerInvariant()) ? null : "is no boolean (true, false, yes, no, on, off, 1, 0)",
        "integer" or "port" => Number(value, long.TryParse(PythonDigits(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null, "a whole number"),
        "float" => Number(value, double.TryParse(PythonDigits(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null, "a number"),
        "ip" => IsAddress(value) ? null : "is no IP address",
        "hostaddress" or "hostdomain" or "hostname" => IsAddress(value) || HostNames.IsValid(value, kind == "hostdomain") ? null : "is neither an IP address nor a host name",
        _ => Choice(kind, value),
    };

    private string? Choice(string kind, string value)
    {
        if (Choices.Count == 0)
            return null;
        var comparison = kind == "string!" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return Choices.Any(c => string.Equals(c, value, comparison)) ? null : $"is none of {ShownChoices()}";
    }

    private string ShownChoices() => string.Join(", ", Choices.Take(12).Select(c => c.Length == 0 ? "(empty)" : c)) + (Choices.Count > 12 ? " ..." : "");

    /// <summary>Python lets underscores stand between digits, and space around.</summary>
    private static string PythonDigits(string value) => Text.PythonText.Trim(value).Replace("_", "");

    private string? Number(string value, double? number, string what)
    {
        if (Text.PythonText.Trim(value).Length == 0)
            return null;
        if (number is null)
            return $"is not {what}";
        if (Choices.Count > 0)
            return Choices.Contains(Text.PythonText.Trim(value)) ? null : $"is none of {ShownChoices()}";
        if (number < Least)
            return FormattableString.Invariant($"is less than {Least}");
        return number > Most ? FormattableString.Invariant($"is more than {Most}") : null;
    }

    private string? Items(string value)
    {
        var kind = Name.Substring(5).TrimEnd(']');
        // Items that hold commas themselves are joined by oslo.config until they fit; only kinds without commas are judged here.
        if (kind is "string" or "other" || value.Length == 0)
            return null;
        return value.Split(',').Select(item => Single(kind, Text.PythonText.Trim(item)) is { } fault ? $"has an item that {fault}" : null).FirstOrDefault(f => f is not null);
    }

    private static string? Pairs(string value)
        => value.Length == 0 || value.IndexOf(':') > 0 ? null : "should be NAME:VALUE pairs, separated by commas";

    private static string? Enclosed(string value, char open, char close)
        => value.Length >= 2 && value[0] == open && value[value.Length - 1] == close ? value.Substring(1, value.Length - 2) : null;

    private static bool IsAddress(string value) => HostNames.IsAddress(value);
}
