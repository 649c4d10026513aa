using System.Text.RegularExpressions;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Architecture;

public partial class SourceRulesTests
{
    [Fact]
    public void Conditional_compilation_is_only_in_Bytes_and_Net()
        => Assert.Empty(Lines("src")
            .Where(l => l.Text.StartsWith("#if", StringComparison.Ordinal))
            .Where(l => !l.File.StartsWith("OsMigrate/Bytes/", StringComparison.Ordinal) && !l.File.StartsWith("OsMigrate/Net/", StringComparison.Ordinal))
            .Select(l => l.Place));

    [Fact]
    public void Nothing_is_left_to_be_done_later()
        => Assert.Empty(Lines("src").Concat(Lines("tools")).Where(l => Unfinished().IsMatch(l.Text)).Select(l => l.Place));

    [Fact]
    public void No_file_is_longer_than_600_lines_and_few_are_longer_than_350()
    {
        foreach (var folder in new[] { "src", "tests", "tools" })
        {
            var sizes = Checkout.Sources(folder).Select(f => (File: $"{folder}/{f}", Lines: File.ReadLines(Checkout.File(folder, f)).Count())).OrderByDescending(f => f.Lines).ToList();
            Assert.Empty(sizes.Where(f => f.Lines > 600));
            Assert.True(sizes.Count(f => f.Lines > 350) <= 1 + (sizes.Count / 25), string.Join('\n', sizes.TakeWhile(f => f.Lines > 350)));
        }
    }

    [Fact]
    public void Half_of_the_library_s_files_are_shorter_than_100_lines()
    {
        var sizes = Checkout.Sources("src").Select(f => File.ReadLines(Checkout.File("src", f)).Count()).Order().ToList();
        Assert.InRange(sizes[sizes.Count / 2], 1, 100);
    }

    [Fact]
    public void Names_say_what_a_thing_is()
        => Assert.Empty(Checkout.Sources("src").Where(f => Vague().IsMatch(Path.GetFileNameWithoutExtension(f))));

    [Fact]
    public void Every_disk_format_folder_names_its_specifications()
    {
        var folders = Checkout.Sources("src", "OsMigrate", "Disks")
            .Where(f => f.EndsWith("Format.cs", StringComparison.Ordinal) && f.Contains('/', StringComparison.Ordinal))
            .Select(f => f[..f.LastIndexOf('/')])
            .Distinct();
        Assert.Empty(folders.Where(f => !File.Exists(Checkout.File("src", "OsMigrate", "Disks", f, "README.md"))));
    }

    [Fact]
    public void Cmdlets_are_short_and_neither_catch_nor_make_error_records()
    {
        foreach (var file in Checkout.Sources("src", "OsMigrate.Module", "Commands"))
        {
            var text = File.ReadAllText(Checkout.File("src", "OsMigrate.Module", "Commands", file));
            Assert.EndsWith("Command.cs", file, StringComparison.Ordinal);
            Assert.True(text.Count(c => c == '\n') < 120, $"{file} is too long");
            Assert.DoesNotMatch(@"\bcatch\b|new ErrorRecord|WriteError|Console\.", text);
        }
    }

    [Fact]
    public void No_path_of_a_machine_of_ours_is_in_the_sources()
        => Assert.Empty(Lines("src").Concat(Lines("tools")).Concat(Lines("tests")).Where(l => MachinePath().IsMatch(l.Text)).Select(l => l.Place));

    private static IEnumerable<(string File, string Text, string Place)> Lines(string folder)
        => from file in Checkout.Sources(folder)
           from line in File.ReadLines(Checkout.File(folder, file)).Select((text, i) => (text, i))
           select (file, line.text.Trim(), $"{folder}/{file}:{line.i + 1}: {line.text.Trim()}");

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Service|Impl)$")]
    private static partial Regex Vague();

    [GeneratedRegex("[\"' (](/work|/root|/home)/")]
    private static partial Regex MachinePath();
}
