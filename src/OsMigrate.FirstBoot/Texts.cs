using System;
using System.Globalization;

namespace OsMigrate.FirstBoot;

/// <summary>Texts that do not depend on the guest's language.</summary>
public static class Texts
{
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>One line, without characters that would break a log or a state file.</summary>
    public static string OneLine(string text)
    {
        var clean = text.ToCharArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if (char.IsControl(clean[i]))
                clean[i] = ' ';
        }

        return new string(clean);
    }

    public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>An argument in quotes, so that blanks in it do not part it.</summary>
    public static string Quoted(string argument)
    {
        if (argument.IndexOf('"') >= 0)
            throw new ArgumentException("A quote in an argument: " + OneLine(argument), nameof(argument));
        return "\"" + argument + "\"";
    }
}
