using System;

namespace OsMigrate.FirstBoot.Plan;

/// <summary>Names of files in a plan: nothing that leads out of a folder or means something to a command line.</summary>
public static class SafeName
{
    /// <summary>A file name of letters, digits, '.', '_', '-' with one of the extensions.</summary>
    public static string File(string name, params string[] extensions)
    {
        var dot = name.LastIndexOf('.');
        if (!IsPlain(name) || dot < 1 || Array.IndexOf(extensions, name.Substring(dot).ToLowerInvariant()) < 0)
            throw new ArgumentException("'" + Texts.OneLine(name) + "' is not a name that is run");
        return name;
    }

    /// <summary>A path of such names, parted by backslashes.</summary>
    public static string Relative(string path, string extension)
    {
        var names = path.Split('\\');
        for (var i = 0; i < names.Length - 1; i++)
        {
            if (!IsPlain(names[i]))
                throw new ArgumentException("'" + Texts.OneLine(path) + "' is not a path that is taken");
        }

        File(names[names.Length - 1], extension);
        return path;
    }

    private static bool IsPlain(string name)
    {
        foreach (var c in name)
        {
            if (!(c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '.' or '_' or '-'))
                return false;
        }

        return name.Length is > 0 and <= 200 && name[0] != '.' && name[0] != '-' && name.IndexOf("..", StringComparison.Ordinal) < 0;
    }
}
