using System;
using System.IO;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Looks who made a driver.</summary>
public static class InfProvider
{
    private const long MaxBytes = 1 << 20;

    /// <summary>True when [Version] Provider is VMware and the package is not that of pvscsi. A file that cannot be read is nobody's.</summary>
    public static bool IsVMware(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxBytes && IsVMware(File.ReadAllLines(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static bool IsVMware(string[] lines)
    {
        var provider = Value(lines, "version", "Provider");
        if (provider.Length > 2 && provider[0] == '%' && provider[provider.Length - 1] == '%')
            provider = Value(lines, "strings", provider.Substring(1, provider.Length - 2));
        return provider.StartsWith("VMware", StringComparison.OrdinalIgnoreCase) && string.Join("\n", lines).IndexOf("pvscsi", StringComparison.OrdinalIgnoreCase) < 0;
    }

    private static string Value(string[] lines, string section, string key)
    {
        var inside = false;
        foreach (var line in lines)
        {
            var text = line.Split(';')[0].Trim();
            if (text.StartsWith("[", StringComparison.Ordinal))
                inside = Texts.Same(text, "[" + section + "]");
            var pair = text.Split(new[] { '=' }, 2);
            if (inside && pair.Length == 2 && Texts.Same(pair[0].Trim(), key))
                return pair[1].Trim().Trim('"').Trim();
        }

        return "";
    }
}
