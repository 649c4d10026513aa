using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;
using Xunit.Abstractions;

namespace OsMigrate.Tests.Registry;

/// <summary>Every real hive at hand, read by us and by hivex: the same keys, and values with the same types and bytes.</summary>
public sealed class HiveAgreementTests(ITestOutputHelper output)
{
    /// <summary>Where the two differ, and why.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        // A hive in which a list of subkeys names a key of another parent: Windows repairs such lists when it loads them, and what belongs where is not known.
        ["yarp-BadSubkeyHive"] = "a key is listed under two parents",
        // The differencing hive of a container: hivex does not know its key flags.
        ["yarp-System_Delta"] = "only hivex refuses",
        // The last bin is cut short behind its last cell in use.
        ["yarp-TruncatedPairHive2"] = "only hivex refuses",
    };

    public static TheoryData<string> Hives => [.. SharedData.Files("hive").Concat(SharedData.Files("bcd")).Where(f => !f.Contains("LOG", StringComparison.OrdinalIgnoreCase) && new FileInfo(f).Length > 0).Select(f => Path.GetRelativePath(SharedData.File("."), f)), .. None];

    private static IEnumerable<string> None => SharedData.Files("hive").Any() ? [] : ["hive/*"];

    [SkippableTheory]
    [MemberData(nameof(Hives))]
    public void Keys_and_values_are_those_that_hivex_reads(string relative)
    {
        var path = SharedData.File(relative);
        HivexDump.Require();
        var theirs = HivexDump.Read(path, out var refusal);
        List<string>? ours = null;
        string? ourRefusal = null;
        try
        {
            using var store = FileStore.OpenRead(path);
            // Without its logs: hivex does not know them.
            ours = HivexDump.Lines(Hive.Load(store));
        }
        catch (OsMigrateException e)
        {
            ourRefusal = e.Message;
        }

        var name = Path.GetFileName(path);
        var verdict = (ours, theirs) switch
        {
            (null, null) => $"both refuse: {ourRefusal} / {refusal}",
            (null, _) => $"only we refuse: {ourRefusal}",
            (_, null) => $"only hivex refuses: {refusal}; we read {ours.Count(HivexDump.IsKey)} keys",
            _ => Compare(ours, theirs),
        };
        output.WriteLine($"| {name} | {ours?.Count(HivexDump.IsKey)} | {ours?.Count(l => !HivexDump.IsKey(l))} | {verdict} |");
        Assert.True(verdict == "equal" || verdict.StartsWith("both refuse", StringComparison.Ordinal) || (Known.TryGetValue(name, out var reason) && verdict.Contains(reason, StringComparison.Ordinal)), $"{name}: {verdict}");
    }

    private static string Compare(List<string> ours, List<string> theirs)
    {
        if (ours.SequenceEqual(theirs))
            return "equal";
        var onlyOurs = ours.Except(theirs, StringComparer.Ordinal).ToList();
        var onlyTheirs = theirs.Except(ours, StringComparer.Ordinal).ToList();
        return $"differ: {onlyOurs.Count} lines only ours ({string.Join("; ", onlyOurs.Take(2))}), {onlyTheirs.Count} only theirs ({string.Join("; ", onlyTheirs.Take(2))})";
    }
}

/// <summary>A hive as sorted lines, read by hivex: "K path" and "V path [name] type SHA-1".</summary>
internal static class HivexDump
{
    private const string Script = """
        import sys, hashlib, hivex
        h = hivex.Hivex(sys.argv[1])
        out = []
        def walk(node, path):
            out.append("K " + path)
            for v in h.node_values(node):
                t, d = h.value_value(v)
                out.append("V %s [%s] %d %s" % (path, h.value_key(v), t & 0xffffffff, hashlib.sha1(d).hexdigest()))
            for c in h.node_children(node):
                walk(c, path + "\\" + h.node_name(c))
        sys.setrecursionlimit(10000)
        walk(h.root(), "")
        sys.stdout.buffer.write("\1\n".join(out).encode("utf-8", "surrogateescape"))
        """;

    private static readonly Lazy<bool> IsThere = new(static () => System.IO.File.Exists("/usr/bin/python3") && Tool.Run("/usr/bin/python3", "-c", "import hivex").ExitCode == 0);

    public static void Require() => Skip.IfNot(IsThere.Value, "hivex for Python (python3-hivex) is not installed");

    public static bool IsKey(string line) => line.StartsWith("K ", StringComparison.Ordinal);

    /// <summary>Null when hivex refuses the hive.</summary>
    public static List<string>? Read(string path, out string refusal)
    {
        var (code, text) = Tool.Run("/usr/bin/python3", "-c", Script, path);
        refusal = code == 0 ? "" : text.Trim().Split('\n')[^1];
        if (code != 0)
            return null;
        var lines = text.Split("\u0001\n").ToList();
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public static List<string> Lines(Hive hive)
    {
        var lines = new List<string>();
        var open = new Stack<(HiveKey Key, string Path)>([(hive.Root, "")]);
        while (open.Count > 0)
        {
            var (key, path) = open.Pop();
            lines.Add("K " + path);
            lines.AddRange(key.Values.Select(v => $"V {path} [{v.Name}] {(uint)v.Type} {Convert.ToHexStringLower(SHA1.HashData(v.Bytes))}"));
            foreach (var sub in key.SubKeys)
                open.Push((sub, $@"{path}\{sub.Name}"));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
