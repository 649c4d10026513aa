using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.GuestOperations;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Machines;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Preparation;

/// <summary>What was done in a running guest.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">What the guest's own tools said.</param>
public sealed record OnlineDriverResult(string Machine, string Server, string System, string? Disc, int ExitCode, string Output, bool WasRestarted);

/// <summary>Brings virtio drivers into a running guest of vSphere, by its own tools: pnputil from the driver disc in the CD drive, or the tool that makes the initramfs.</summary>
public sealed class OnlineDrivers(VSphereSession session, VSphereMachine machine, GuestLogin login, DatastorePath? disc, TimeSpan limit, bool mayRestart, IJobWatcher watcher, CancellationToken cancel)
{
    private readonly bool _isWindows = machine.ToMachine().Os.Family == GuestFamily.Windows;
    private readonly string _id = Guid.NewGuid().ToString("N").Substring(0, 12);

    /// <summary>What will be done, one sentence each, for -WhatIf.</summary>
    public IEnumerable<string> Steps
    {
        get
        {
            if (_isWindows && machine.Drives.All(static d => d.Kind != "cdrom"))
                yield return $"Shut '{machine.Name}' down, add a CD drive, and switch it on again{(mayRestart ? "" : " (with -AllowRestart only)")}.";
            if (_isWindows)
                yield return $"Put '{disc}' into the CD drive of '{machine.Name}', and take it out afterwards.";
            yield return _isWindows ? $"Run pnputil in the guest, as {login.User}, for viostor, vioscsi, NetKVM, vioserial, Balloon, viorng and pvpanic." : $"Rebuild the initramfs of every kernel in the guest, as {login.User}, with virtio_pci, virtio_blk, virtio_scsi and virtio_net.";
        }
    }

    /// <exception cref="OsMigrateException">The guest cannot be worked in, or its tools failed; the disc is out of the drive again.</exception>
    public OnlineDriverResult Run()
    {
        if (machine.PowerState != "poweredOn" || !machine.ToolsRunning)
            throw new OsMigrateException(ErrorIds.VSphereState, ErrorKind.ResourceUnavailable, $"Programs cannot be run in the guest of '{machine.Name}': {(machine.PowerState == "poweredOn" ? "VMware Tools does not run in it" : $"it is {machine.PowerState}")}.", machine.Name)
            {
                Advice = "Convert-ToOpenStack -VirtioDriver needs no running guest.",
            };
        if (_isWindows && disc is null)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{machine.Name}' is a Windows: say where the driver disc lies, as -VirtioDriver '[datastore] folder/virtio-win.iso'.", machine.Name);
        // Before anything is changed: a wrong password must not cost a restart.
        var guest = new GuestSession(session, machine.Reference, login, cancel);
        if (!_isWindows)
            return RunScript(guest, false);
        var drive = CdDrive.Find(session, machine.Reference, machine.Name, cancel);
        var restarted = drive is null;
        if (restarted && !mayRestart)
            throw new OsMigrateException(ErrorIds.GuestRestart, ErrorKind.ResourceUnavailable, $"'{machine.Name}' has no CD drive, and one can be added only while it is off.", machine.Name) { Advice = "-AllowRestart lets its guest be shut down and switched on again; or add a drive yourself." };
        if (drive is null)
        {
            AddDrive();
            drive = CdDrive.Find(session, machine.Reference, machine.Name, cancel)!;
            guest = new GuestSession(session, machine.Reference, login, cancel);
        }

        watcher.Waiting($"{machine.Name}: drivers", "Putting the driver disc in");
        drive.Insert(disc!.Value);
        try
        {
            return RunScript(guest, restarted);
        }
        finally
        {
            drive.Restore();
        }
    }

    private OnlineDriverResult RunScript(GuestSession guest, bool restarted)
    {
        var folder = _isWindows ? @"C:\Windows\Temp\" : "/tmp/";
        var (script, log) = ($"{folder}osmigrate-{_id}{(_isWindows ? ".ps1" : ".sh")}", $"{folder}osmigrate-{_id}.log");
        watcher.Waiting($"{machine.Name}: drivers", "Installing");
        guest.Write(script, new UTF8Encoding(_isWindows).GetPreamble().Concat(Encoding.UTF8.GetBytes(_isWindows ? OnlineScripts.Windows() : OnlineScripts.Linux())).ToArray(), _isWindows);
        try
        {
            var code = _isWindows
                ? guest.Run(@"C:\Windows\System32\cmd.exe", $"/c powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File \"{script}\" > \"{log}\" 2>&1", limit)
                : guest.Run("/bin/sh", $"-c 'sh {script} > {log} 2>&1'", limit);
            var output = guest.Read(log) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : "";
            if (code != 0)
                throw new OsMigrateException(ErrorIds.GuestNotFit, ErrorKind.InvalidData, $"The guest of '{machine.Name}' did not take the drivers (exit code {code}): {(output.Length > 0 ? Last(output) : "it said nothing")}.", machine.Name);
            return new OnlineDriverResult(machine.Name, session.Name, machine.GuestFullName, disc?.ToString(), code, output, restarted);
        }
        finally
        {
            guest.Delete(script);
            guest.Delete(log);
        }
    }

    /// <summary>A CD drive can be added only to a machine that is off.</summary>
    private void AddDrive()
    {
        watcher.Waiting($"{machine.Name}: drivers", "Shutting down to add a CD drive");
        var power = new MachinePower(session, cancel);
        power.ShutDown(machine.Reference, machine.Name, limit, force: false);
        try
        {
            CdDrive.Add(session, machine.Reference, machine.Name, cancel);
        }
        finally
        {
            power.PowerOn(machine.Reference, machine.Name);
        }

        var end = DateTime.UtcNow + limit;
        while (new PropertyQuery(session).Of(machine.Reference, ["guest.guestOperationsReady"], cancel).Bool("guest.guestOperationsReady") != true)
        {
            watcher.Waiting($"{machine.Name}: drivers", "Waiting for VMware Tools");
            if (DateTime.UtcNow > end)
                throw new OsMigrateException(ErrorIds.VSphereTimeout, ErrorKind.ResourceUnavailable, $"VMware Tools of '{machine.Name}' did not answer after the restart.", machine.Name);
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static string Last(string output)
    {
        var lines = output.Split('\n').Select(static l => l.Trim()).Where(static l => l.Length > 0).ToList();
        return string.Join("; ", lines.Skip(Math.Max(0, lines.Count - 3)));
    }
}
