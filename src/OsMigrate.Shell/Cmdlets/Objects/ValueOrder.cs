using System.Globalization;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

/// <summary>The order of values as the language's own -lt and -gt see it; values that cannot be compared are ordered as text, and nothing comes first.</summary>
internal sealed class ValueOrder(bool caseSensitive) : IComparer<object?>, IEqualityComparer<object?>
{
    public int Compare(object? x, object? y)
    {
        var (left, right) = (Unwrap(x), Unwrap(y));
        if (left is null || right is null)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        if (left is not string && LanguagePrimitives.TryCompare(left, right, !caseSensitive, CultureInfo.CurrentCulture, out var order))
            return order;
        return string.Compare(Text(left), Text(right), caseSensitive ? StringComparison.CurrentCulture : StringComparison.CurrentCultureIgnoreCase);
    }

    public new bool Equals(object? x, object? y) => Compare(x, y) == 0;

    public int GetHashCode(object? obj) => StringComparer.CurrentCultureIgnoreCase.GetHashCode(Text(Unwrap(obj)));

    public static string Text(object? value) => value is null ? "" : LanguagePrimitives.ConvertTo<string>(value);

    private static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
