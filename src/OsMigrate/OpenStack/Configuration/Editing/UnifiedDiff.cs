using System.Text;
using DiffPlex;
using DiffPlex.Chunkers;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.Editing;

/// <summary>Shows a change as "diff -u" does, with secrets as stars.</summary>
internal sealed class UnifiedDiff(ConfigDocument before, ConfigDocument after, OptionLookup? lookup)
{
    private const int Context = 3;

    public string Text(string path)
    {
        var blocks = new Differ().CreateDiffs(Joined(before), Joined(after), ignoreWhiteSpace: false, ignoreCase: false, new LineEndingsPreservingChunker()).DiffBlocks;
        var text = new StringBuilder();
        text.Append("--- ").AppendLine(path).Append("+++ ").AppendLine(path);
        for (var i = 0; i < blocks.Count;)
        {
            var first = i;
            // Changes whose context would meet stand in one hunk.
            for (i++; i < blocks.Count && blocks[i].DeleteStartA - (blocks[i - 1].DeleteStartA + blocks[i - 1].DeleteCountA) <= 2 * Context; i++)
            {
            }

            Hunk(text, [.. blocks.Skip(first).Take(i - first)]);
        }

        return text.ToString().TrimEnd();
    }

    private void Hunk(StringBuilder text, DiffPlex.Model.DiffBlock[] blocks)
    {
        var (head, tail) = (blocks[0], blocks[blocks.Length - 1]);
        var start = Math.Max(0, head.DeleteStartA - Context);
        var end = Math.Min(before.Lines.Count, tail.DeleteStartA + tail.DeleteCountA + Context);
        var startAfter = head.InsertStartB - (head.DeleteStartA - start);
        var added = blocks.Sum(b => b.InsertCountB) - blocks.Sum(b => b.DeleteCountA);
        text.AppendLine(FormattableString.Invariant($"@@ -{start + 1},{end - start} +{startAfter + 1},{end - start + added} @@"));
        var at = start;
        foreach (var block in blocks)
        {
            for (; at < block.DeleteStartA; at++)
                Line(text, ' ', before, at);
            for (var i = 0; i < block.DeleteCountA; i++)
                Line(text, '-', before, at++);
            for (var i = 0; i < block.InsertCountB; i++)
                Line(text, '+', after, block.InsertStartB + i);
        }

        for (; at < end; at++)
            Line(text, ' ', before, at);
    }

    private void Line(StringBuilder text, char sign, ConfigDocument document, int index) => text.Append(sign).AppendLine(Masked(document, index));

    private string Masked(ConfigDocument document, int index)
    {
        var line = document.Lines[index].Text;
        var item = document.Items.FirstOrDefault(i => i.Line <= index + 1 && i.LastLine >= index + 1);
        if (item is null)
            return SecretValues.MaskLine(line);
        if (!SecretValues.IsSecret(item.Name, lookup?.Find(item.Group, item.Name)))
            return SecretValues.MaskAddresses(line);
        if (item.Line != index + 1)
            return "    " + SecretValues.Stars;
        var sign = line.IndexOfAny(['=', ':']);
        return line.Substring(0, sign + 1) + " " + SecretValues.Stars;
    }

    private static string Joined(ConfigDocument document) => string.Concat(document.Lines.Select(l => l.ToString()));
}
