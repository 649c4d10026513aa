namespace OsMigrate.Guests.Windows.Inf;

/// <summary>One line of a section: <c>key = value, value</c>, or values alone. Quotes are taken off, tokens are not yet replaced.</summary>
/// <param name="Key">What stands before the equals sign; null where there is none.</param>
/// <param name="Values">Empty ones count: <c>a,,b</c> has three.</param>
/// <param name="Number">Counted from 1, for messages.</param>
internal sealed record InfLine(string? Key, IReadOnlyList<string> Values, int Number)
{
    /// <summary>The value at an index; empty where there are fewer.</summary>
    public string this[int index] => index < Values.Count ? Values[index] : "";

    public bool HasKey(string name) => string.Equals(Key, name, StringComparison.OrdinalIgnoreCase);
}
