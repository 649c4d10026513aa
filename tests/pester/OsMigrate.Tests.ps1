#Requires -Version 5.1
# Run where PowerShell and Pester 5 are:  dotnet build OsMigrate.sln -c Release; Invoke-Pester tests/pester
# The same behaviour is tested everywhere by tests/OsMigrate.Module.Tests in a hosted engine.

BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot -Parent) -Parent
    Import-Module (Join-Path $root 'output/OsMigrate/OsMigrate.psd1') -Force

    function New-TestDisk {
        param([string] $Path, [int] $Size = 1MB, [int] $Seed = 1)
        $bytes = New-Object byte[] $Size
        $middle = New-Object byte[] ([int]($Size / 4))
        (New-Object System.Random $Seed).NextBytes($middle)
        [Array]::Copy($middle, 0, $bytes, [int]($Size / 4), $middle.Length)
        [System.IO.File]::WriteAllBytes($Path, $bytes)
        $Path
    }
}

Describe 'The module' {
    It 'imports again with -Force' {
        Import-Module (Join-Path $root 'output/OsMigrate/OsMigrate.psd1') -Force
        (Get-Command -Module OsMigrate).Count | Should -BeGreaterThan 5
    }

    It 'has help with an example for every cmdlet' {
        foreach ($cmdlet in Get-Command -Module OsMigrate -CommandType Cmdlet) {
            (Get-Help $cmdlet.Name).Synopsis | Should -Not -BeNullOrEmpty
            (Get-Help $cmdlet.Name -Examples).Examples.Example.Count | Should -BeGreaterThan 0
        }
    }
}

Describe 'Get-DiskImage' {
    It 'takes files from Get-ChildItem' {
        $null = New-TestDisk (Join-Path $TestDrive 'a.raw')
        $null = New-TestDisk (Join-Path $TestDrive 'b [1].raw')
        $images = @(Get-ChildItem $TestDrive -Filter *.raw | Get-DiskImage)
        $images.Count | Should -Be 2
        $images[0].VirtualSizeBytes | Should -Be 1MB
    }

    It 'gives an error with a stable id for a file that is not there' {
        Get-DiskImage (Join-Path $TestDrive 'nowhere.raw') -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'File.NotFound,*'
    }
}

Describe 'Convert-DiskImage' {
    It 'writes an image of the same content' {
        $source = New-TestDisk (Join-Path $TestDrive 'c.raw')
        $made = Convert-DiskImage $source (Join-Path $TestDrive 'c.qcow2')
        $made.Sha256 | Should -Be (Get-FileHash $made.Path -Algorithm SHA256).Hash.ToLowerInvariant()
        (Compare-DiskImage $source $made.Path).Identical | Should -BeTrue
        (Test-DiskImage $made.Path -Quiet) | Should -BeTrue
    }

    It 'leaves free space out where that is asked for' -Skip:(-not (Get-Command mkntfs -ErrorAction SilentlyContinue)) {
        $source = Join-Path $TestDrive 'ntfs.raw'
        $bytes = New-Object byte[] 20MB
        (New-Object System.Random 2).NextBytes($bytes)
        [System.IO.File]::WriteAllBytes($source, $bytes)
        mkntfs -F -q -Q $source 2>$null | Out-Null
        $told = $null
        $made = Convert-DiskImage $source (Join-Path $TestDrive 'ntfs.qcow2') -SkipFreeSpace -Verbose 4>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.VerboseRecord]) { $told += $_.Message } else { $_ } }
        $told | Should -Match 'of free space are left out'
        $made.FileSizeBytes | Should -BeLessThan 8MB
    }

    It 'writes nothing with -WhatIf' {
        $source = New-TestDisk (Join-Path $TestDrive 'd.raw')
        Convert-DiskImage $source (Join-Path $TestDrive 'd.qcow2') -WhatIf
        Test-Path (Join-Path $TestDrive 'd.qcow2') | Should -BeFalse
    }

    It 'keeps an existing file without -Force' {
        $source = New-TestDisk (Join-Path $TestDrive 'e.raw')
        Set-Content (Join-Path $TestDrive 'e.qcow2') 'mine'
        { Convert-DiskImage $source (Join-Path $TestDrive 'e.qcow2') -ErrorAction Stop } | Should -Throw -ErrorId 'File.Exists,*'
        Get-Content (Join-Path $TestDrive 'e.qcow2') | Should -Be 'mine'
    }

    It 'leaves no output of its own in a transcript' {
        $source = New-TestDisk (Join-Path $TestDrive 'f.raw')
        $transcript = Join-Path $TestDrive 'transcript.txt'
        Start-Transcript $transcript | Out-Null
        $null = Convert-DiskImage $source (Join-Path $TestDrive 'f.qcow2')
        Stop-Transcript | Out-Null
        Get-Content $transcript | Select-String 'f.qcow2' | Should -BeNullOrEmpty
    }
}

Describe 'Convert-ToOpenStack' {
    It 'makes a folder with disk, record and script, and stops for nothing' {
        $sources = 1..3 | ForEach-Object { New-TestDisk (Join-Path $TestDrive "vm$_.raw") -Seed $_ }
        Set-Content (Join-Path $TestDrive 'vm4.ova') '<?xml version="1.0"?><Envelope'
        $made = @($sources + (Join-Path $TestDrive 'vm4.ova') | Convert-ToOpenStack -OutputDirectory (Join-Path $TestDrive 'out') -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue)
        $made.Count | Should -Be 3
        @($failed).Count | Should -Be 1
        foreach ($machine in $made) {
            Test-Path $machine.RecordPath | Should -BeTrue
            Test-Path $machine.ScriptPath | Should -BeTrue
            (Get-Content $machine.RecordPath -Raw | ConvertFrom-Json).schema | Should -Be 'osmigrate-migration-1'
        }
    }
}
