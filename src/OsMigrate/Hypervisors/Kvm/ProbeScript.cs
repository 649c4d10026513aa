using System.Globalization;

namespace OsMigrate.Hypervisors.Kvm;

/// <summary>kvm_probe.py, which does on a remote host what <see cref="KvmProbe"/> does here, and the reading of what it writes.</summary>
internal static class ProbeScript
{
    private const int MostLines = 200;

    public static string Text { get; } = Load();

    /// <summary>The lines key=value; of a key that comes twice the last.</summary>
    public static IReadOnlyDictionary<string, string> Read(string output)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n').Take(MostLines))
        {
            if (line.IndexOf('=') is > 0 and var at)
                said[line[..at]] = line[(at + 1)..].Trim();
        }

        return said;
    }

    /// <summary>Null when the script did not get as far as /dev/kvm.</summary>
    public static GuestRun? Guest(IReadOnlyDictionary<string, string> said)
    {
        if (!said.TryGetValue("device", out var device))
            return null;
        return new GuestRun
        {
            OpenError = device == "open" ? null : device,
            ApiVersion = said.TryGetValue("api", out var api) && int.TryParse(api, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            MadeMachine = said.ContainsKey("vm"),
            RanRealMode = said.ContainsKey("real"),
            RanLongMode = said.ContainsKey("long"),
            NanosecondsPerStep = said.TryGetValue("long", out var step) && double.TryParse(step, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time) ? time : null,
            Error = said.TryGetValue("error", out var error) ? error : null,
        };
    }

    private static string Load()
    {
        using var source = typeof(ProbeScript).Assembly.GetManifestResourceStream("kvm_probe.py")!;
        using var reader = new StreamReader(source);
        return reader.ReadToEnd();
    }
}
