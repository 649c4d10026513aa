namespace OsMigrate.Machines;

/// <summary>Brings hardware addresses to one form.</summary>
public static class MacAddress
{
    /// <summary>Reads 00:50:56:aa:bb:cc, 00-50-56-AA-BB-CC, 0050.56aa.bbcc or 005056AABBCC.</summary>
    /// <returns>Lower case with colons, or null when the text is no unicast address of 48 bits.</returns>
    public static string? Normalise(string? text)
    {
        if (text is null || text.Length > 64)
            return null;
        var digits = new List<char>(12);
        foreach (var c in text.Trim())
        {
            if (Uri.IsHexDigit(c))
                digits.Add(char.ToLowerInvariant(c));
            else if (c is not (':' or '-' or '.'))
                return null;
        }

        if (digits.Count != 12 || digits.All(d => d == '0') || (Convert.ToInt32(digits[1].ToString(), 16) & 1) == 1)
            return null;
        return string.Join(":", Enumerable.Range(0, 6).Select(i => $"{digits[i * 2]}{digits[(i * 2) + 1]}"));
    }
}
