@{
    RootModule             = 'OsMigrate.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '6f0b6c0e-3a2b-4b0e-9a5d-2f1f0c7d4e11'
    Author                 = 'OsMigrate contributors'
    CompanyName            = 'OsMigrate contributors'
    Copyright              = '(c) OsMigrate contributors'
    Description            = 'Moves virtual machines from VMware and Xen to OpenStack: reads appliances and virtual disks and writes what OpenStack takes.'
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions   = @('Desktop', 'Core')
    FormatsToProcess       = @('OsMigrate.Format.ps1xml')
    FunctionsToExport      = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Add-CinderVolumeAttachment'
        'Add-VirtioDriver'
        'Compare-DiskImage'
        'Connect-OpenStack'
        'Convert-DiskImage'
        'Convert-ToOpenStack'
        'Disconnect-OpenStack'
        'Get-CinderVolume'
        'Get-CinderVolumeType'
        'Get-DiskImage'
        'Get-GlanceImage'
        'Get-GuestOperatingSystem'
        'Get-MigrationJob'
        'Get-NeutronNetwork'
        'Get-NeutronPort'
        'Get-NeutronSecurityGroup'
        'Get-NeutronSubnet'
        'Get-NovaAvailabilityZone'
        'Get-NovaFlavor'
        'Get-NovaHypervisor'
        'Get-NovaInstance'
        'Get-NovaInstanceConsole'
        'Get-NovaKeyPair'
        'Get-NovaServerGroup'
        'Get-OpenStackCloud'
        'Get-OpenStackQuota'
        'Get-VirtioDriver'
        'Get-VirtualAppliance'
        'Import-GlanceImage'
        'Move-NovaInstance'
        'New-CinderVolume'
        'New-NeutronPort'
        'New-NovaInstance'
        'New-NovaServerGroup'
        'Receive-GlanceImage'
        'Remove-CinderVolume'
        'Remove-CinderVolumeAttachment'
        'Remove-GlanceImage'
        'Remove-MigrationJob'
        'Remove-NeutronPort'
        'Remove-NovaInstance'
        'Remove-NovaServerGroup'
        'Restart-NovaInstance'
        'Resume-MigrationJob'
        'Save-VirtioDriver'
        'Send-GlanceImage'
        'Set-GlanceImage'
        'Start-NovaInstance'
        'Stop-NovaInstance'
        'Test-DiskImage'
        'Undo-MigrationJob'
    )
    AliasesToExport        = @('ConvertTo-OpenStack')
    PrivateData            = @{
        PSData = @{
            Tags = @('VMware', 'OpenStack', 'Migration', 'QCOW2', 'VMDK', 'OVA', 'PSEdition_Core', 'PSEdition_Desktop')
        }
    }
}
