namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>"Did you mean": the name with the fewest changed, added, left out or swapped letters.</summary>
internal static class NearestNames
{
    private const int MaxLength = 64;

    /// <summary>The nearest name; null when none is near.</summary>
    public static string? Of(string wrong, IEnumerable<string> names)
    {
        if (wrong.Length is 0 or > MaxLength)
            return null;
        var form = Form(wrong);
        var limit = Math.Max(1, form.Length / 4);
        return names.Where(n => Math.Abs(n.Length - form.Length) <= limit && n.Length <= MaxLength)
            .Select(n => (Name: n, Distance: Distance(form, Form(n))))
            .Where(n => n.Distance <= limit)
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => n.Name)
            .FirstOrDefault();
    }

    private static string Form(string name) => name.ToLowerInvariant().Replace('-', '_');

    /// <summary>Optimal string alignment distance (Damerau 1964, restricted).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
