using System.Text;
using OsMigrate.Net.Ssh;

namespace OsMigrate.Hypervisors.Collection;

/// <summary>The script that a POSIX shell of a host runs to tell its facts, and the reading of what it wrote.</summary>
/// <remarks>
/// A line that begins with @ names what follows; content has a | before each line, so that no content can pass itself off as such a name.
/// It changes nothing on the host. Every command has a limit where the host knows timeout(1).
/// </remarks>
internal static class ShellScript
{
    private const int LargestAnswer = 64 << 10;

    public static string Text { get; } = Make();

    /// <summary>Takes what the script wrote into the facts.</summary>
    public static void Read(string output, HostFacts facts)
    {
        string? kind = null;
        var name = "";
        var content = new StringBuilder();
        foreach (var line in (output + "\n@").Split('\n'))
        {
            if (line.StartsWith("|", StringComparison.Ordinal))
            {
                content.Append(line, 1, line.Length - 1).Append('\n');
                continue;
            }

            if (!line.StartsWith("@", StringComparison.Ordinal))
                continue;
            Take(facts, kind, name, content.ToString());
            content.Clear();
            (kind, name) = line.Length > 3 ? (line[..2], line[3..]) : (null, "");
        }
    }

    private static void Take(HostFacts facts, string? kind, string name, string content)
    {
        switch (kind)
        {
            case "@F":
                facts.AddFile(name, content);
                break;
            case "@D":
                facts.AddFolder(name, content.Split('\n').Where(static n => n.Length > 0).ToList());
                break;
            case "@C":
                facts.AddAnswer(name, content);
                break;
        }
    }

    private static string Make()
    {
        var text = new StringBuilder();
        text.Append("LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; T='timeout 10'; command -v timeout >/dev/null 2>&1 || T=\n");
        text.Append("q() { tr '\\000\\r' '  ' | sed 's/^/|/'; echo; }\n");
        text.Append(FormattableString.Invariant($"f() {{ if [ -f \"$1\" ] && [ -r \"$1\" ]; then echo \"@F $1\"; head -c {HostPaths.LargestFile} \"$1\" 2>/dev/null | q; fi; }}\n"));
        text.Append(FormattableString.Invariant($"d() {{ if [ -d \"$1\" ]; then echo \"@D $1\"; ls -A \"$1\" 2>/dev/null | head -n {HostPaths.MostNames} | q; fi; }}\n"));
        text.Append(FormattableString.Invariant($"c() {{ echo \"@C $1\"; $T sh -c \"$2\" 2>/dev/null </dev/null | head -c {LargestAnswer} | q; }}\n"));
        foreach (var file in HostPaths.Files)
            text.Append("for p in ").Append(file).Append("; do f \"$p\"; done\n");
        foreach (var folder in HostPaths.Folders)
            text.Append("d ").Append(folder).Append('\n');
        foreach (var command in HostPaths.Commands)
            text.Append("c ").Append(command.Key).Append(' ').Append(SshSession.Quoted(command.Value)).Append('\n');
        return text.Append("echo '@E end'\n").ToString();
    }

    /// <summary>True when the script ran to its end.</summary>
    public static bool IsWhole(string output) => output.TrimEnd().EndsWith("\n@E end", StringComparison.Ordinal);
}
