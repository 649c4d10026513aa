# Loads the cmdlets built for this edition. On PowerShell 7 everything but the cmdlets themselves lives in a load context of its own,
# so that packages of other modules, of whatever version, are not disturbed and do not disturb. Only core commands are used here.
$edition = if ($PSEdition -eq 'Core') { 'core' } else { 'desktop' }
$cmdlets = "$PSScriptRoot/$edition/OsMigrate.Module.dll"
$assembly = [System.Reflection.Assembly]::LoadFrom($cmdlets)
$assembly.GetType('OsMigrate.Module.Isolation.AssemblyGate', $true)::Open()
Import-Module $cmdlets
