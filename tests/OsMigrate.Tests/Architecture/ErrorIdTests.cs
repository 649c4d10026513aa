using System.Reflection;
using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Architecture;

public partial class ErrorIdTests
{
    private static readonly string[] Ids =
        [.. typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    [Fact]
    public void Ids_are_unique_and_of_one_form()
    {
        Assert.Equal(Ids.Length, Ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(Ids, id => Assert.Matches(@"^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$", id));
    }

    [Fact]
    public void Every_id_is_explained_in_the_help_and_no_other_is()
    {
        var help = File.ReadAllLines(Checkout.File("module", "en-US", "about_OsMigrate_Errors.help.txt"));
        var explained = help.Where(l => Entry().IsMatch(l)).Select(l => l.Trim()).ToList();
        Assert.Equal(Ids.Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Errors_are_raised_with_an_id_of_the_list_and_never_with_a_text_of_their_own()
    {
        var faults = from file in Checkout.Sources("src")
                     from line in File.ReadLines(Checkout.File("src", file)).Select((text, i) => (text, i))
                     where Literal().IsMatch(line.text)
                     select $"src/{file}:{line.i + 1}: {line.text.Trim()}";
        Assert.Empty(faults);
    }

    [GeneratedRegex(@"^    [A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"new (OsMigrate|InvalidImage)Exception\(\s*\$?""")]
    private static partial Regex Literal();
}
