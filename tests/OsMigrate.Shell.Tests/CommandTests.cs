using OsMigrate.Shell.Tests.Support;

namespace OsMigrate.Shell.Tests;

/// <summary>Every command of the shell against what PowerShell 7 prints for the same line.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1..5 | Select-Object -First 2", "1 2")]
    [InlineData("1..5 | Select-Object -Last 2", "4 5")]
    [InlineData("1..5 | Select-Object -Skip 3", "4 5")]
    [InlineData("1..5 | Select-Object -SkipLast 3", "1 2")]
    [InlineData("1..5 | Select-Object -Index 0,4", "1 5")]
    [InlineData("1..9 | Select-Object -Skip 2 -First 3", "3 4 5")]
    [InlineData("1,1,2 | Select-Object -Unique", "1 2")]
    [InlineData("[pscustomobject]@{A=1;B=2} | Select-Object -ExpandProperty B", "2")]
    [InlineData("([pscustomobject]@{A=1} | Select-Object A, @{n='C';e={$_.A * 2}}).C", "2")]
    [InlineData("([pscustomobject]@{A=1;B=2} | Select-Object * -ExcludeProperty A).psobject.Properties.Name", "B")]
    [InlineData("$n = 0; 1..1000 | ForEach-Object { $script:n++; $_ } | Select-Object -First 3 | Out-Null; $n", "3")]
    [InlineData("3,1,2 | Sort-Object", "1 2 3")]
    [InlineData("3,1,3 | Sort-Object -Unique -Descending", "3 1")]
    [InlineData("'b','A','c' | Sort-Object", "A b c")]
    [InlineData("@{N=2},@{N=1} | ForEach-Object { [pscustomobject]$_ } | Sort-Object N | ForEach-Object N", "1 2")]
    [InlineData("5,4,9 | Sort-Object -Top 2", "4 5")]
    [InlineData("(1,2,3 | Measure-Object -Sum).Sum; (1,2,3 | Measure-Object).Count", "6 3")]
    [InlineData("$m = 2,4,9 | Measure-Object -Average -Maximum -Minimum; $m.Average; $m.Maximum; $m.Minimum", "5 9 2")]
    [InlineData("('a b','c' | Measure-Object -Word -Line).Words", "3")]
    [InlineData("'a','b','a' | Group-Object | ForEach-Object { \"$($_.Name)$($_.Count)\" }", "a2 b1")]
    [InlineData("('x','yy','z' | Group-Object Length -AsHashTable)[1]", "x z")]
    [InlineData("Compare-Object (1,2,3) (2,3,4) | ForEach-Object { \"$($_.InputObject)$($_.SideIndicator)\" }", "4=> 1<=")]
    [InlineData("Compare-Object (1,2) (2,3) -IncludeEqual -ExcludeDifferent | ForEach-Object InputObject", "2")]
    [InlineData("(New-Object System.Text.StringBuilder 'abc').Length; (New-Object psobject -Property @{A=1}).A; (New-Object System.Collections.ArrayList).Count", "3 1 0")]
    [InlineData("('a' | Get-Member -Name Length).MemberType", "Property")]
    [InlineData("$o = [pscustomobject]@{A=1}; $o | Add-Member B 2; $o.B; ($o | Add-Member C 3 -PassThru).C", "2 3")]
    [InlineData("1..3 | Tee-Object -Variable v | Out-Null; $v.Count", "3")]
    public void Objects(string line, string expected) => Assert.Equal(expected, Words(line));

    [Theory]
    [InlineData("@{a=1} | ConvertTo-Json -Compress", "{\"a\":1}")]
    [InlineData("[ordered]@{a=1,2.0,$null,$true;b=[pscustomobject]@{c='ü\"'}} | ConvertTo-Json -Compress", "{\"a\":[1,2.0,null,true],\"b\":{\"c\":\"ü\\\"\"}}")]
    [InlineData("1,2 | ConvertTo-Json -Compress; ,@(1) | ConvertTo-Json -Compress; 1 | ConvertTo-Json -AsArray -Compress", "[1,2] [1] [1]")]
    [InlineData("@{a=@{b=@{c=@{d=1}}}} | ConvertTo-Json -Compress", "{\"a\":{\"b\":{\"c\":\"System.Collections.Hashtable\"}}}")]
    [InlineData("@{a=@{b=@{c=@{d=1}}}} | ConvertTo-Json -Compress -Depth 5", "{\"a\":{\"b\":{\"c\":{\"d\":1}}}}")]
    [InlineData("$j = '{\"a\":[1,{\"b\":\"x\"}],\"n\":12345678901}' | ConvertFrom-Json; $j.a[1].b; $j.n", "x 12345678901")]
    [InlineData("('{\"d\":\"2024-01-02T03:04:05Z\"}' | ConvertFrom-Json).d.Year; ('{\"A\":1}' | ConvertFrom-Json -AsHashtable)['A']", "2024 1")]
    [InlineData("[pscustomobject]@{A='x\"y';B=1} | ConvertTo-Csv", "\"A\",\"B\" \"x\"\"y\",\"1\"")]
    [InlineData("('\"A\";\"B\"', '\"1;2\";3' | ConvertFrom-Csv -Delimiter ';').A", "1;2")]
    [InlineData("'abc','def' | Select-String e", "def")]
    [InlineData("('a1b2' | Select-String '\\d' -AllMatches).Matches.Count; 'x' | Select-String y -Quiet", "2 False")]
    [InlineData("(1,2 | Out-String).Trim().Replace(\"`n\", '-').Replace(\"`r\", '')", "1-2")]
    [InlineData("1,2 | Out-String -Stream", "1 2")]
    [InlineData("[pscustomobject]@{A=1;B=2} | Format-List B | Out-String -Stream | Where-Object { $_ }", "B : 2")]
    [InlineData("[pscustomobject]@{A=1;B=2} | Format-Table A -HideTableHeaders | Out-String -Stream | Where-Object { $_.Trim() } | ForEach-Object Trim", "1")]
    public void Text(string line, string expected) => Assert.Equal(expected, Words(line));

    [Theory]
    [InlineData("Set-Content f.txt 'a','b'; Add-Content f.txt c; Get-Content f.txt", "a b c")]
    [InlineData("1..9 | Set-Content f.txt; Get-Content f.txt -Tail 2; Get-Content f.txt -TotalCount 1; (Get-Content f.txt -Raw).Length -gt 17", "8 9 1 True")]
    [InlineData("'one' > f.txt; 'two' >> f.txt; Get-Content f.txt", "one two")]
    [InlineData("'x' | Out-File f.txt -NoNewline; (Get-Item f.txt).Length", "1")]
    [InlineData("New-Item d -ItemType Directory | Out-Null; New-Item d/f.txt -Value hi | Out-Null; Get-ChildItem -Recurse -Name; Get-ChildItem d -File | ForEach-Object Name", "d f.txt f.txt")]
    [InlineData("'x' > a.txt; 'y' > b.log; (Get-ChildItem *.txt).Name; (Get-ChildItem -Filter *.log).Name; (Get-ChildItem -Exclude *.log -File).Name", "a.txt b.log a.txt")]
    [InlineData("'x' > a; Copy-Item a b; Move-Item b c; Rename-Item c d; Remove-Item a; (Get-ChildItem).Name", "d")]
    [InlineData("mkdir d | Out-Null; 'x' > d/f; Remove-Item d -ErrorAction SilentlyContinue; Test-Path d; Remove-Item d -Recurse; Test-Path d", "True False")]
    [InlineData("'x' > a; Test-Path a -PathType Leaf; Test-Path . -PathType Container; Test-Path b", "True True False")]
    [InlineData("[pscustomobject]@{A=1}, [pscustomobject]@{A=2} | Export-Csv f.csv; [pscustomobject]@{A=3} | Export-Csv f.csv -Append; (Import-Csv f.csv).A", "1 2 3")]
    [InlineData("Set-Content f 'abc' -NoNewline; (Get-FileHash f).Hash.Substring(0, 8)", "BA7816BF")]
    [InlineData("'needle' > f.txt; (Select-String needle f.txt).LineNumber", "1")]
    [InlineData("mkdir d | Out-Null; Push-Location d; Split-Path (Get-Location) -Leaf; Pop-Location; Set-Location d; (Get-Item .).Name; 'x' > f; (Resolve-Path f -Relative).Replace('\\', '/')", "d d ./f")]
    [InlineData("1..3 | Tee-Object f.txt | Measure-Object | ForEach-Object Count; (Get-Content f.txt).Count", "3 3")]
    public void Files(string line, string expected) => Assert.Equal(expected, Words(line));

    [Theory]
    [InlineData("(Join-Path a b c).Replace('\\', '/'); Split-Path /x/b.txt -Leaf; Split-Path /x/b.txt -LeafBase; Split-Path /x/b.txt -Extension", "a/b/c b.txt b .txt")]
    [InlineData("Get-Date -Year 2020 -Month 2 -Day 3 -Format yyyy-MM-dd; (New-TimeSpan -Hours 2).TotalMinutes; (New-TimeSpan '2020-01-01' '2020-01-02').Days", "2020-02-03 120 1")]
    [InlineData("(Measure-Command { Start-Sleep -Milliseconds 60 }).TotalMilliseconds -ge 50", "True")]
    [InlineData("Set-Variable a 5; $a; New-Variable b 6; Get-Variable b -ValueOnly; Remove-Variable b; Test-Path variable:b", "5 6 False")]
    [InlineData("$q = 4; Invoke-Expression '$q + 1; $r = 9'; $r", "5 9")]
    [InlineData("Get-Random -Minimum 3 -Maximum 4; 5 | Get-Random; (1..9 | Get-Random -Count 4).Count", "3 5 4")]
    [InlineData("(ConvertTo-SecureString abc -AsPlainText -Force).Length", "3")]
    [InlineData("Write-Output a b; Write-Host c d; Write-Information e -InformationAction Continue; Set-Alias zz Write-Output; zz f", "a b c d e f")]
    [InlineData("(Get-Command ls).Definition; (Get-Command sort).Definition; (Get-Command sc).Definition", "Get-ChildItem Sort-Object Set-Content")]
    public void Sessions(string line, string expected) => Assert.Equal(expected, Words(line));

    [Fact]
    public void What_if_says_what_and_does_nothing()
    {
        var words = Words("'x' > a; Remove-Item a -WhatIf; Set-Content a yy -WhatIf; Test-Path a; (Get-Content a)");
        Assert.StartsWith("What if: ", words, StringComparison.Ordinal);
        Assert.EndsWith("True x", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_errors_and_verbose_text_stay_out_of_standard_output()
    {
        var run = StagedShell.Command("Write-Warning w1; Write-Error e1; Write-Verbose v1 -Verbose; Write-Progress p1 -PercentComplete 5; 'result'");
        Assert.Equal("result\n", run.Output);
        Assert.Contains("WARNING: w1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("e1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("VERBOSE: v1", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Errors);
    }

    [SkippableFact]
    public void Objects_and_text_can_be_piped_into_programs_and_back()
    {
        Skip.If(OperatingSystem.IsWindows(), "The programs of this test are those of Linux and macOS.");
        Assert.Equal("B A", Words("'a','b' | /usr/bin/env tr a-z A-Z | Sort-Object -Descending"));
        Assert.Equal("7", Words("/bin/sh -c 'exit 7'; $LASTEXITCODE"));
    }

    [Fact]
    public void The_module_is_found_and_loaded_by_its_first_command()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "disk.raw"), new byte[1 << 20]);
        Assert.Equal("raw 1048576", Words("Get-DiskImage disk.raw | ForEach-Object { $_.Format; $_.VirtualSizeBytes }"));
    }

    private string Words(string line)
    {
        var run = StagedShell.Command(line, _folder.Path);
        return run.ExitCode == 0 || run.Errors.Length == 0 ? string.Join(' ', run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) : run.Output + run.Errors;
    }
}
