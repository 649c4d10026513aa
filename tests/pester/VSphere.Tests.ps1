#Requires -Version 5.1
# Run where PowerShell and Pester 5 are:  dotnet build OsMigrate.sln -c Release; Invoke-Pester tests/pester
# The other side is the vCenter simulator that tests/peers/vcenter/build.sh makes; without OSMIGRATE_TEST_VCENTER only what needs no server runs.
# With PowerCLI at hand, Test-OsMigrateInterop tells what a simulator cannot.

BeforeDiscovery {
    $noPeer = -not $env:OSMIGRATE_TEST_VCENTER
}

BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot -Parent) -Parent
    Import-Module (Join-Path $root 'output/OsMigrate/OsMigrate.psd1') -Force

    function Get-ServerCredential {
        New-Object System.Management.Automation.PSCredential 'administrator@vsphere.local', (New-Object System.Net.NetworkCredential '', 'VMware1!').SecurePassword
    }

    function Start-VCenter {
        $disk = Join-Path $TestDrive 'disk.raw'
        $bytes = New-Object byte[] 4MB
        (New-Object System.Random 1).NextBytes($bytes)
        [System.IO.File]::WriteAllBytes($disk, $bytes)
        $start = New-Object System.Diagnostics.ProcessStartInfo $env:OSMIGRATE_TEST_VCENTER, "-l 127.0.0.1:0 -tags state/moved -vm name=web01,disk=$disk,power=on,tag=wave/1 -vm name=cold01,disk=$disk"
        $start.RedirectStandardOutput = $true
        $start.UseShellExecute = $false
        $process = [System.Diagnostics.Process]::Start($start)
        do { $line = $process.StandardOutput.ReadLine() } until ($null -eq $line -or $line -like 'READY *')
        $address = ([uri]($line -split ' ')[1]).Authority -replace '^.*@', ''
        [pscustomobject]@{ Process = $process; Address = $address; Disk = $disk }
    }
}

Describe 'The vSphere commands without a server' {
    It 'say what to do when nothing is connected' {
        Disconnect-VSphere '*' -Confirm:$false
        Get-VSphereVM -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'VSphere.NotConnected,*'
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'Connect-VSphere'
    }

    It 'refuse a machine that came out of a job, with the cure' {
        $picture = [pscustomobject]@{ PSTypeName = 'Deserialized.VMware.VimAutomation.ViCore.Impl.V1.VM.UniversalVirtualMachineImpl'; Name = 'web01' }
        $picture | Convert-ToOpenStack -Cloud nowhere -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Interop.Deserialized,*'
    }

    It 'refuse an address with a password in it, without showing the password' {
        { Connect-VSphere 'user:secret-word@vcenter' -Credential (Get-ServerCredential) -ErrorAction Stop } | Should -Throw -ErrorId 'VSphere.Settings,*'
        $Error[0].ToString() | Should -Not -Match 'secret-word'
    }
}

Describe 'The vSphere commands with a server' -Skip:$noPeer {
    BeforeAll {
        $vcenter = Start-VCenter
        Connect-VSphere $vcenter.Address -Credential (Get-ServerCredential) -SkipCertificateCheck -WarningAction SilentlyContinue | Out-Null
    }

    AfterAll {
        Disconnect-VSphere '*' -Confirm:$false
        $vcenter.Process.Kill()
    }

    It 'find machines by pattern, state and tag' {
        (Get-VSphereVM '*01').Name | Should -Be @('cold01', 'web01')
        (Get-VSphereVM -PowerState poweredOn '*01').Name | Should -Be 'web01'
        (Get-VSphereVM -Tag 'wave/1').Tags | Should -Be 'wave/1'
    }

    It 'export a disk as it is, and leave no snapshot' {
        $made = Get-VSphereVM web01 | Export-VSphereVM -Destination (Join-Path $TestDrive 'out') -Format raw
        (Compare-DiskImage $vcenter.Disk $made.Files[0].Path).Identical | Should -BeTrue
        @(Get-VSphereSnapshot web01).Count | Should -Be 0
        (Get-VSphereVM web01).PowerState | Should -Be 'poweredOn'
    }

    It 'export a QCOW2 that was made while its lease streamed' {
        $made = Get-VSphereVM cold01 | Export-VSphereVM -Destination (Join-Path $TestDrive 'lease') -Format qcow2 -Transport Lease
        (Compare-DiskImage $vcenter.Disk $made.Files[0].Path).Identical | Should -BeTrue
        (Get-FileHash $made.Files[0].Path -Algorithm SHA256).Hash | Should -Be $made.Files[0].Sha256
    }

    It 'export an appliance with the descriptor of vCenter, and nothing else with it' {
        $made = Get-VSphereVM cold01 | Export-VSphereVM -Destination (Join-Path $TestDrive 'ova') -HostDescriptor
        (Get-VirtualAppliance $made.Files[0].Path).Name | Should -Be 'cold01'
        { Get-VSphereVM cold01 | Export-VSphereVM -Destination (Join-Path $TestDrive 'no') -Format raw -HostDescriptor -ErrorAction Stop } | Should -Throw -ErrorId 'Convert.BadRequest,*'
    }

    It 'write nothing with -WhatIf' {
        Get-VSphereVM cold01 | Export-VSphereVM -Destination (Join-Path $TestDrive 'none') -WhatIf
        Test-Path (Join-Path $TestDrive 'none') | Should -BeFalse
    }

    It 'want a name for each source that is renamed' {
        Get-VSphereVM '*01' | Convert-ToOpenStack -Cloud nowhere -RenameSource moved -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Convert.BadRequest,*'
    }

    It 'leave no password in a transcript' {
        $transcript = Join-Path $TestDrive 'transcript.txt'
        Start-Transcript $transcript | Out-Null
        Connect-VSphere $vcenter.Address -Credential (Get-ServerCredential) -SkipCertificateCheck -Verbose | Out-Null
        Stop-Transcript | Out-Null
        Get-Content $transcript | Select-String 'VMware1!' | Should -BeNullOrEmpty
    }
}
