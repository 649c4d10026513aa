using System.Security.Cryptography;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.FirstBoot;

/// <summary>What the service shall do: plan.txt, one step a line, its parts parted by tabs. OsMigrate.FirstBoot's PlanReader reads it.</summary>
internal sealed class FirstBootPlan
{
    private readonly List<string> _lines = [];
    private readonly List<string> _words = [];

    public bool IsEmpty => _lines.Count == 0;

    /// <summary>The steps in words, for who must do them by hand.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The file's content. Its first line holds an id, so that notes about another plan are not taken for notes about this one.</summary>
    public byte[] Content
    {
        get
        {
            var body = string.Concat(_lines.Select(static l => l + "\r\n"));
            using var sha = SHA256.Create();
            var id = Hex.Lower(sha.ComputeHash(Encoding.UTF8.GetBytes(body))).Substring(0, 32);
            return Encoding.UTF8.GetBytes($"OsMigrate first boot plan 1\t{id}\r\n{body}");
        }
    }

    /// <param name="words">What it does: "install the drivers in ...".</param>
    public void Add(string words, params string[] parts)
    {
        // A text of the guest's registry must not become another step.
        if (parts.Any(static p => p.Any(char.IsControl)))
            return;
        _lines.Add(string.Join("\t", parts));
        if (!_words.Contains(words))
            _words.Add(words);
    }
}
