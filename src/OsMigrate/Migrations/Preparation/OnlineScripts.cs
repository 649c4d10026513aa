using System.Text;
using OsMigrate.Guests.Windows;

namespace OsMigrate.Migrations.Preparation;

/// <summary>The scripts that bring virtio drivers into a running guest.</summary>
internal static class OnlineScripts
{
    /// <summary>Finds the driver disc by its folders, the release by its build, and gives pnputil the packages of storage, network and the rest.</summary>
    public static string Windows()
    {
        var script = new StringBuilder();
        script.AppendLine("$ErrorActionPreference = 'Stop'");
        script.AppendLine("$build = [Environment]::OSVersion.Version.Build");
        script.AppendLine("$server = (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').InstallationType -ne 'Client'");
        script.AppendLine("$releases = @(");
        foreach (var release in WindowsReleases.All.Where(static r => r.Major >= 6))
            script.AppendLine(FormattableString.Invariant($"    ,@({release.FirstBuild}, {release.LastBuild}, ${(release.IsServer ? "true" : "false")}, @({string.Join(", ", release.DriverFolders.Select(static f => $"'{f}'"))}))"));
        script.Append("""
            )
            $folders = @($releases | Where-Object { $build -ge $_[0] -and $build -le $_[1] -and $server -eq $_[2] } | ForEach-Object { $_[3] })
            $arch = switch ($env:PROCESSOR_ARCHITECTURE) { 'AMD64' { 'amd64' } 'ARM64' { 'ARM64' } default { 'x86' } }
            $disc = @([IO.DriveInfo]::GetDrives() | Where-Object { $_.IsReady -and (Test-Path (Join-Path $_.Name 'vioscsi')) } | ForEach-Object { $_.Name })[0]
            if (-not $disc) { 'no drive holds the virtio drivers'; exit 11 }
            $failed = 0
            foreach ($driver in 'viostor', 'vioscsi', 'NetKVM', 'vioserial', 'Balloon', 'viorng', 'pvpanic') {
                $inf = @($folders | ForEach-Object { Join-Path $disc "$driver\$_\$arch" } | Where-Object { Test-Path $_ } | ForEach-Object { Get-ChildItem $_ -Filter *.inf })[0]
                if (-not $inf) { "${driver}: the disc has none for this Windows"; if ($driver -in 'viostor', 'NetKVM') { $failed = 12 }; continue }
                if ($build -ge 10240) { & "$env:SystemRoot\System32\pnputil.exe" /add-driver $inf.FullName /install } else { & "$env:SystemRoot\System32\pnputil.exe" -i -a $inf.FullName }
                "${driver}: pnputil ended with $LASTEXITCODE"
                # 259: nothing to install it on now; 3010: after a restart.
                if ($LASTEXITCODE -notin 0, 259, 3010 -and $driver -in 'viostor', 'vioscsi', 'NetKVM') { $failed = 13 }
            }
            exit $failed
            """);
        return script.ToString().Replace("\r\n", "\n").Replace("\n", "\r\n");
    }

    /// <summary>Has the guest's own tool put virtio into the initramfs of every kernel.</summary>
    public static string Linux() => """
        set -e
        drivers="virtio_pci virtio_blk virtio_scsi virtio_net"
        if command -v dracut > /dev/null 2>&1; then
            echo "add_drivers+=\" $drivers \"" > /etc/dracut.conf.d/90-osmigrate-virtio.conf
            dracut --regenerate-all --force
        elif command -v update-initramfs > /dev/null 2>&1; then
            for d in $drivers; do grep -qx "$d" /etc/initramfs-tools/modules || echo "$d" >> /etc/initramfs-tools/modules; done
            update-initramfs -u -k all
        elif command -v mkinitcpio > /dev/null 2>&1; then
            mkdir -p /etc/mkinitcpio.conf.d
            echo "MODULES+=($drivers)" > /etc/mkinitcpio.conf.d/90-osmigrate-virtio.conf
            mkinitcpio -P
        else
            echo "neither dracut, nor update-initramfs, nor mkinitcpio is there"
            exit 11
        fi

        """.Replace("\r\n", "\n");
}
