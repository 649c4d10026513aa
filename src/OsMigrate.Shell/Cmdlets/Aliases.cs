using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OsMigrate.Shell.Cmdlets;

/// <summary>
/// The short names that administrators type. The engine brings most, but on Linux and macOS not those that are programs there (ls, sort ...);
/// here they mean the same on every system, so that `ls *.ova | Convert-ToOpenStack ...` passes on files and not text.
/// </summary>
internal static class Aliases
{
    private const string Names = """
        cat=Get-Content type=Get-Content ac=Add-Content sc=Set-Content pwd=Get-Location cd=Set-Location pushd=Push-Location popd=Pop-Location
        ls=Get-ChildItem dir=Get-ChildItem rm=Remove-Item del=Remove-Item rmdir=Remove-Item cp=Copy-Item mv=Move-Item
        echo=Write-Output write=Write-Output sort=Sort-Object compare=Compare-Object diff=Compare-Object tee=Tee-Object
        ft=Format-Table fl=Format-List fw=Format-Wide sls=Select-String sleep=Start-Sleep clear=Clear-Host cls=Clear-Host man=help
        """;

    public static void AddTo(InitialSessionState state)
    {
        var known = state.Commands.OfType<SessionStateAliasEntry>().Select(alias => alias.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=');
            if (!known.Contains(parts[0]))
                state.Commands.Add(new SessionStateAliasEntry(parts[0], parts[1], "", ScopedItemOptions.AllScope));
        }
    }
}
