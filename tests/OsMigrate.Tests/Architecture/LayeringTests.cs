using System.Text.RegularExpressions;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Architecture;

/// <summary>Folders are layers: each may use the rows below its own, and nothing else. src/README.md shows the picture.</summary>
public partial class LayeringTests
{
    private static readonly string[][] Rows =
    [
        ["Bytes"],
        ["Net"],
        ["Partitions", "FileSystems", "Registry", "Disks", "Machines"],
        ["Guests", "Appliances", "VSphere", "OpenStack", "Hypervisors"],
        ["Migrations"],
    ];

    [Fact]
    public void Every_folder_uses_only_rows_below_its_own()
    {
        var faults = from file in Checkout.Sources("src", "OsMigrate")
                     let folder = file.Split('/')[0]
                     from line in File.ReadLines(Checkout.File("src", "OsMigrate", file)).Select((text, i) => (text, number: i + 1))
                     from used in Used(line.text)
                     where used != folder && !(Row(used) < Row(folder))
                     select $"src/OsMigrate/{file}:{line.number}: {folder} may not use {used}";
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_top_folder_has_a_place_in_the_rows()
        => Assert.Empty(Checkout.Sources("src", "OsMigrate").Select(f => f.Split('/')[0]).Distinct().Where(folder => Row(folder) < 0));

    [Fact]
    public void Namespaces_mirror_folders()
    {
        var projects = new[] { "OsMigrate", "OsMigrate.Module" };
        var faults = from project in projects
                     from file in Checkout.Sources("src", project)
                     let expected = Expected(project, file)
                     let found = File.ReadLines(Checkout.File("src", project, file)).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
                     where found is not null && found != $"namespace {expected};"
                     select $"src/{project}/{file}: '{found}', expected '{expected}'";
        Assert.Empty(faults);
    }

    [Fact]
    public void Only_the_module_knows_PowerShell()
    {
        Assert.Empty(Checkout.Sources("src", "OsMigrate").Where(f => File.ReadAllText(Checkout.File("src", "OsMigrate", f)).Contains("System.Management.Automation", StringComparison.Ordinal)));
        var project = File.ReadAllText(Checkout.File("src", "OsMigrate", "OsMigrate.csproj"));
        Assert.DoesNotContain("PowerShellStandard", project, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Management.Automation", project, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_the_clouds_only_Net_opens_connections()
        => Assert.Empty(Checkout.Sources("src", "OsMigrate")
            .Where(f => Row(f.Split('/')[0]) < 3 && !f.StartsWith("Net/", StringComparison.Ordinal))
            .Where(f => Network().IsMatch(File.ReadAllText(Checkout.File("src", "OsMigrate", f)))));

    /// <summary>The private-context gate is one class in one file per edition.</summary>
    private static string Expected(string project, string file)
    {
        var folders = file.Split('/')[..^1].Where(part => part is not ("Core" or "Desktop"));
        return string.Join('.', folders.Prepend(project));
    }

    private static IEnumerable<string> Used(string line)
    {
        if (line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            return [];
        return Reference().Matches(line).Select(m => m.Groups[1].Value).Where(name => Row(name) >= 0).Distinct();
    }

    private static int Row(string folder) => Array.FindIndex(Rows, row => row.Contains(folder));

    [GeneratedRegex(@"\bOsMigrate\.([A-Z]\w*)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\bSystem\.Net\.(Http|Sockets)\b|\bnew (HttpClient|TcpClient|Socket)\b")]
    private static partial Regex Network();
}
