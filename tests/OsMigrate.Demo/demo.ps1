<#
.SYNOPSIS
Converts the demo machine for OpenStack, shows what came out and boots it. Called by build.ps1 Demo, which makes the machine.
#>
param(
    [Parameter(Mandatory = $true)] [string] $Module,
    [Parameter(Mandatory = $true)] [string] $Folder
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

function Say([string] $text) { [Console]::WriteLine($text) }

function Find-Program([string] $name) {
    foreach ($place in $env:PATH.Split([IO.Path]::PathSeparator)) {
        foreach ($candidate in @($name, "$name.exe")) {
            $path = [IO.Path]::Combine($place, $candidate)
            if ([IO.File]::Exists($path)) { return $path }
        }
    }
}

# Starts the machine without a window and waits until it has said everything on its serial port.
function Start-Guest([string] $qemu, [string[]] $disks, [string] $serial) {
    if ([IO.File]::Exists($serial)) { [IO.File]::Delete($serial) }
    $arguments = '-machine pc,accel=tcg -m 64 -display none -nic none -no-reboot -serial "file:' + $serial + '"'
    foreach ($disk in $disks) { $arguments += ' -drive "file=' + $disk + ',format=qcow2,if=virtio,snapshot=on"' }
    $start = [Diagnostics.ProcessStartInfo]::new($qemu, $arguments)
    $start.UseShellExecute = $false
    $process = [Diagnostics.Process]::Start($start)
    $text = ''
    try {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        while ($clock.Elapsed.TotalSeconds -lt 60 -and -not $process.HasExited -and $text -notmatch 'guest: done') {
            [Threading.Thread]::Sleep(200)
            if ([IO.File]::Exists($serial)) {
                $stream = [IO.FileStream]::new($serial, 'Open', 'Read', 'ReadWrite')
                try { $text = [IO.StreamReader]::new($stream).ReadToEnd() } finally { $stream.Dispose() }
            }
        }
    }
    finally {
        if (-not $process.HasExited) { $process.Kill() }
        $process.WaitForExit()
    }
    $text
}

Import-Module $Module
$appliance = [IO.Path]::Combine($Folder, 'osmigrate-demo.ova')

Say ''
Say "PS> Get-VirtualAppliance $appliance"
Get-VirtualAppliance -Path $appliance | Out-Default

Say "PS> Convert-ToOpenStack -Path $appliance -OutputDirectory $Folder -Force"
$result = Convert-ToOpenStack -Path $appliance -OutputDirectory $Folder -Force
$result | Out-Default
$disks = @(foreach ($disk in $result.Disks) { $disk.Path })

Say "--- $($result.RecordPath)"
Say ([IO.File]::ReadAllText($result.RecordPath))
Say "--- $($result.ScriptPath)"
Say ([IO.File]::ReadAllText($result.ScriptPath))

$qemu = Find-Program 'qemu-system-x86_64'
if (-not $qemu) {
    Say 'To see the converted machine start, install QEMU (Debian and Ubuntu: apt install qemu-system-x86; Windows: qemu.org) and run the demo again.'
    return
}
Say "Starting the converted machine with $qemu ..."
$said = Start-Guest $qemu $disks ([IO.Path]::Combine($Folder, 'serial.txt'))
Say $said.Trim()
if ($said -notmatch 'started from the first disk' -or $said -notmatch 'this line comes from the second disk') {
    throw 'The converted machine did not say what it should.'
}
Say 'The converted machine starts, and both of its disks are there.'
