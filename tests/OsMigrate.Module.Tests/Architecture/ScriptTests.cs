using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Architecture;

/// <summary>Every script, and every block marked powershell in the documents, parses, and its commands have the parameters that it gives them.</summary>
public class ScriptTests
{
    // Commands of Windows PowerShell and PowerShell 7 that the engine alone does not bring.
    private static readonly HashSet<string> WellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        // PowerCLI's.
        "Get-VM", "Get-Cluster", "Get-DrsRule",
        "Add-Content", "Clear-Content", "Compare-Object", "ConvertFrom-Json", "ConvertTo-Json", "Copy-Item", "Format-List", "Format-Table", "Get-ChildItem", "Get-Content",
        "Get-Date", "Get-FileHash", "Get-Item", "Get-ItemProperty", "Get-Location", "Get-Random", "Group-Object", "Invoke-Expression", "Invoke-Pester", "Join-Path",
        "Measure-Command", "Measure-Object", "Move-Item", "New-Item", "New-Object", "Out-File", "Out-String", "Pop-Location", "Push-Location", "Remove-Item",
        "Rename-Item", "Resolve-Path", "Select-Object", "Select-String", "Set-Content", "Set-Location", "Sort-Object", "Split-Path", "Start-Process", "Start-Sleep",
        "Start-Transcript", "Stop-Transcript", "Tee-Object", "Test-Path", "Write-Error", "Write-Host", "Write-Information", "Write-Output", "Write-Progress",
        "Write-Verbose", "Write-Warning", "Write-Debug", "Export-Csv", "Import-Csv", "ConvertTo-Csv", "ConvertFrom-Csv", "Install-Module", "Install-PSResource", "Unblock-File", "Get-Unique", "Get-Process",
        "Import-Clixml", "Get-Secret", "Read-Host", "Export-Clixml", "Get-Credential", "Add-Type", "Out-GridView", "Get-Variable", "Set-Variable", "Clear-Variable", "Get-Member", "Expand-Archive", "Compress-Archive",
    };

    public static TheoryData<string> Texts => [.. Blocks().Select(b => b.Place)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Parses_and_binds(string place)
    {
        var script = Blocks().Single(b => b.Place == place).Script;
        var ast = Parser.ParseInput(script, out _, out var errors);
        Assert.Empty(errors.Select(e => $"{place}, line {e.Extent.StartLineNumber}: {e.Message}"));
        using var session = new Session();
        Runspace.DefaultRunspace = session.Runspace;
        try
        {
            var own = ast.FindAll(a => a is FunctionDefinitionAst, true).Select(a => ((FunctionDefinitionAst)a).Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var command in ast.FindAll(a => a is CommandAst, true).Cast<CommandAst>())
                Check(session, command, own, place);
        }
        finally
        {
            Runspace.DefaultRunspace = null;
        }
    }

    private static void Check(Session session, CommandAst command, HashSet<string> own, string place)
    {
        var name = command.GetCommandName();
        if (name is null || own.Contains(name) || !name.Contains('-', StringComparison.Ordinal) || name.IndexOfAny(['/', '\\', '.']) >= 0)
            return;
        if (session.Run("Get-Command -Name $args[0] -ErrorAction Ignore", name).Output.Count == 0)
        {
            Assert.True(WellKnown.Contains(name), $"{place}: there is no command {name}");
            return;
        }

        var binding = StaticParameterBinder.BindCommand(command, resolve: true);
        Assert.Empty(binding.BindingExceptions.Select(e => $"{place}: {command}: {e.Value.BindingException.Message}"));
    }

    private static IEnumerable<(string Place, string Script)> Blocks()
    {
        foreach (var file in Files("*.ps1").Concat(Files("*.psm1")).Concat(Files("*.psd1")))
            yield return (Relative(file), File.ReadAllText(file));
        foreach (var file in Files("*.md"))
        {
            var lines = File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].TrimStart().StartsWith("```powershell", StringComparison.OrdinalIgnoreCase))
                    continue;
                var block = lines.Skip(i + 1).TakeWhile(l => !l.TrimStart().StartsWith("```", StringComparison.Ordinal)).ToList();
                yield return ($"{Relative(file)}:{i + 1}", string.Join('\n', block));
                i += block.Count + 1;
            }
        }
    }

    private static IEnumerable<string> Files(string pattern)
        => Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
            .Where(f => !Relative(f).Split('/').Any(part => part is "bin" or "obj" or "output" or ".git" or "TestResults"))
            .Order(StringComparer.Ordinal);

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
}
