<#
.SYNOPSIS
Builds, tests, shows and packs OsMigrate. Needs the .NET SDK and nothing else.
.DESCRIPTION
  Build     compiles everything; the module is then at output/OsMigrate and a small shell at output/shell
  Test      builds and runs all tests; the last line reads "N passed, N failed, N skipped", and every reason for a skip is listed
  Demo      builds, makes a small bootable machine, converts it for OpenStack and boots the result
  Bench     builds and measures conversions side by side with qemu-img
  Package   builds and packs the module as output/OsMigrate-<version>.zip with its SHA-256

Runs in Windows PowerShell 5.1, in PowerShell 7 and in the project's own shell:
  dotnet run --project src/OsMigrate.Shell -- -File build.ps1 Test
It therefore keeps to the language, to .NET and to native commands.
.PARAMETER Filter
For Test: which tests, as `dotnet test --filter` takes it. For Bench: which cases.
.PARAMETER Peers
For Test: also against a real OpenStack, which tests/peers/openstack/up.sh brings up on this machine for the time of the run, and against a vCenter simulator, which
tests/peers/vcenter/build.sh builds. That takes root and Debian. When the variable OSMIGRATE_TEST_OPENSTACK names a clouds.yaml already, its clouds are used and nothing is started or stopped.
#>
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Bench', 'Package')]
    [string] $Task = 'Build',
    [string] $Filter = '',
    [string] $Configuration = 'Release',
    [switch] $Peers
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$output = [IO.Path]::Combine($root, 'output')
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
# Without these, build servers outlive the build and keep its files and its output open.
$env:MSBUILDDISABLENODEREUSE = '1'
$env:UseSharedCompilation = 'false'

function Say([string] $text) { [Console]::WriteLine($text) }

function Invoke-Dotnet([string[]] $arguments) {
    & dotnet @arguments
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($arguments -join ' ') ended with exit code $LASTEXITCODE." }
}

function Build {
    Say "Building ($Configuration) ..."
    Invoke-Dotnet @('build', [IO.Path]::Combine($root, 'OsMigrate.sln'), '-c', $Configuration, '--verbosity', 'quiet')
    Say "The module is at $([IO.Path]::Combine($output, 'OsMigrate')), the shell at $([IO.Path]::Combine($output, 'shell'))."
}

# Adds the counts of one .trx file to the totals, lists failures and gathers the reasons for skips.
function Read-Results([string] $path, [hashtable] $totals) {
    $document = [System.Xml.XmlDocument]::new()
    $document.Load($path)
    $names = [System.Xml.XmlNamespaceManager]::new($document.NameTable)
    $names.AddNamespace('t', 'http://microsoft.com/schemas/VisualStudio/TeamTest/2010')
    foreach ($result in $document.SelectNodes('//t:UnitTestResult', $names)) {
        $outcome = $result.GetAttribute('outcome')
        $text = $result.SelectSingleNode('.//t:ErrorInfo/t:Message', $names)
        if ($null -eq $text) { $text = $result.SelectSingleNode('.//t:StdOut', $names) }
        $reason = if ($null -eq $text) { 'no reason given' } else { $text.InnerText.Trim() }
        if ($outcome -eq 'Passed') { $totals.Passed++ }
        elseif ($outcome -eq 'NotExecuted') {
            $totals.Skipped++
            $totals.Reasons[$reason] = 1 + $totals.Reasons[$reason]
        }
        else {
            $totals.Failed++
            Say "FAILED $($result.GetAttribute('testName')): $reason"
        }
    }
}

# Why no OpenStack can be started here; empty when one can.
function Get-PeerObstacle {
    if ([IO.Path]::DirectorySeparatorChar -ne '/' -or -not [IO.File]::Exists('/etc/debian_version')) { return 'it takes Debian' }
    if ("$(& id -u)" -ne '0') { return 'it takes root' }
    return ''
}

# Brings up a fresh OpenStack and tells the tests of it. Returns whether there is one to stop again.
function Start-Peers {
    if ($env:OSMIGRATE_TEST_OPENSTACK) {
        Say "Using the OpenStack of $env:OSMIGRATE_TEST_OPENSTACK."
        return $false
    }
    $obstacle = Get-PeerObstacle
    if ($obstacle) {
        Say "No OpenStack is started: $obstacle. Its tests will be skipped."
        return $false
    }
    Say 'Starting an OpenStack on this machine (2 to 5 minutes) ...'
    $scripts = [IO.Path]::Combine($root, 'tests', 'peers', 'openstack')
    $env:LAB_STATE = [IO.Path]::Combine($output, 'peers', 'openstack')
    # Unix sockets lie there, whose paths must be short.
    if ($env:LAB_STATE.Length -gt 80 -or $env:LAB_STATE.Contains(' ')) { $env:LAB_STATE = '/var/lib/osmigrate-test-openstack' }
    [void] (& bash ([IO.Path]::Combine($scripts, 'down.sh')) --wipe)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $lines = & timeout --kill-after=10 900 bash ([IO.Path]::Combine($scripts, 'up.sh'))
    $status = $LASTEXITCODE
    $clouds = [IO.Path]::Combine($env:LAB_STATE, 'clouds.yaml')
    if ($status -eq 0 -and [IO.File]::Exists($clouds)) {
        Say "OpenStack is up after $([int] $clock.Elapsed.TotalSeconds) s."
        $env:OSMIGRATE_TEST_OPENSTACK = $clouds
    }
    else {
        Say "OpenStack did not come up (exit code $status after $([int] $clock.Elapsed.TotalSeconds) s): its tests will be skipped. It said:"
        foreach ($line in $lines) { Say "  $line" }
    }
    return $true
}

# Builds the vCenter peer and tells the tests of it; each test starts one of its own.
function Build-VCenter {
    if ($env:OSMIGRATE_TEST_VCENTER) { return }
    $obstacle = Get-PeerObstacle
    if ($obstacle) {
        Say "No vCenter peer is built: $obstacle. Its tests will be skipped."
        return
    }
    Say 'Building the vCenter peer (1 to 2 minutes) ...'
    $lines = & timeout --kill-after=10 600 bash ([IO.Path]::Combine($root, 'tests', 'peers', 'vcenter', 'build.sh')) ([IO.Path]::Combine($output, 'peers', 'vcenter'))
    if ($LASTEXITCODE -eq 0) { $env:OSMIGRATE_TEST_VCENTER = [IO.Path]::Combine($output, 'peers', 'vcenter', 'vcpeer') }
    else {
        Say "The vCenter peer could not be built (exit code $LASTEXITCODE): its tests will be skipped. It said:"
        foreach ($line in $lines) { Say "  $line" }
    }
}

function Stop-Peers {
    Say 'Stopping the OpenStack ...'
    [void] (& bash ([IO.Path]::Combine($root, 'tests', 'peers', 'openstack', 'down.sh')))
    $env:OSMIGRATE_TEST_OPENSTACK = ''
}

function Test {
    $started = $false
    if ($Peers) {
        Build-VCenter
        $started = Start-Peers
    }
    try { Test-All }
    finally { if ($started) { Stop-Peers } }
    Say $script:summary
    if ($script:broken) { exit 1 }
}

function Test-All {
    $script:broken = $true
    $results = [IO.Path]::Combine($output, 'test-results')
    if ([IO.Directory]::Exists($results)) { [IO.Directory]::Delete($results, $true) }
    $totals = @{ Passed = 0; Failed = 0; Skipped = 0; Reasons = @{} }
    Build
    foreach ($folder in [IO.Directory]::GetDirectories([IO.Path]::Combine($root, 'tests'), '*.Tests')) {
        $name = [IO.Path]::GetFileName($folder)
        $project = [IO.Path]::Combine($folder, "$name.csproj")
        if (-not [IO.File]::Exists($project)) { continue }
        Say "Testing $name ..."
        $arguments = @('test', $project, '-c', $Configuration, '--no-build', '--logger', "trx;LogFileName=$name.trx", '--results-directory', $results)
        if ($Filter) { $arguments += @('--filter', $Filter) }
        & dotnet @arguments
        $exitCode = $LASTEXITCODE
        $before = $totals.Failed
        $file = [IO.Path]::Combine($results, "$name.trx")
        if ([IO.File]::Exists($file)) { Read-Results $file $totals }
        if ($exitCode -ne 0 -and $totals.Failed -eq $before) {
            $totals.Failed++
            Say "FAILED ${name}: the test run ended with exit code $exitCode before all results were in."
        }
    }
    foreach ($reason in $totals.Reasons.Keys) { Say "skipped $($totals.Reasons[$reason]): $reason" }
    $line = "$($totals.Passed) passed, $($totals.Failed) failed, $($totals.Skipped) skipped"
    [void] [IO.Directory]::CreateDirectory($results)
    [IO.File]::WriteAllText([IO.Path]::Combine($results, 'totals.txt'), $line + "`n")
    $script:broken = $totals.Failed -gt 0 -or $totals.Passed -eq 0
    $script:summary = $line
}

# The demo is a script of its own, so that it can be read, and run again, by itself.
function Demo {
    Build
    $maker = [IO.Path]::Combine($root, 'tests', 'OsMigrate.Demo', 'OsMigrate.Demo.csproj')
    $folder = [IO.Path]::Combine($output, 'demo')
    Invoke-Dotnet @('run', '--project', $maker, '-c', $Configuration, '--no-build', '--', $folder)
    & ([IO.Path]::Combine($root, 'tests', 'OsMigrate.Demo', 'demo.ps1')) -Module ([IO.Path]::Combine($output, 'OsMigrate', 'OsMigrate.psd1')) -Folder $folder
}

function Bench {
    Build
    $arguments = @('run', '--project', [IO.Path]::Combine($root, 'tests', 'OsMigrate.Benchmarks'), '-c', $Configuration, '--no-build')
    if ($Filter) { $arguments += @('--', '--only', $Filter) }
    Invoke-Dotnet $arguments
}

function Package {
    Build
    $module = [IO.Path]::Combine($output, 'OsMigrate')
    $manifest = [IO.File]::ReadAllText([IO.Path]::Combine($module, 'OsMigrate.psd1'))
    if ($manifest -notmatch "ModuleVersion\s*=\s*'([0-9.]+)'") { throw 'The manifest names no version.' }
    $name = "OsMigrate-$($Matches[1]).zip"
    $zip = [IO.Path]::Combine($output, $name)
    [IO.File]::Delete($zip)
    [void] [Reflection.Assembly]::LoadWithPartialName('System.IO.Compression.FileSystem')
    [IO.Compression.ZipFile]::CreateFromDirectory($module, $zip, [IO.Compression.CompressionLevel]::Optimal, $true)
    $sha = [Security.Cryptography.SHA256]::Create()
    $stream = [IO.File]::OpenRead($zip)
    try { $sum = [BitConverter]::ToString($sha.ComputeHash($stream)).Replace('-', '').ToLowerInvariant() }
    finally { $stream.Dispose() }
    [IO.File]::WriteAllText("$zip.sha256", "$sum  $name`n")
    Say "$zip"
    Say "SHA-256 $sum"
}

& $Task
