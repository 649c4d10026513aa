using System.Diagnostics;
using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Sources;
using OsMigrate.Net;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Benchmarks;

/// <summary>The vCenter simulator of tests/peers/vcenter with machines that share one disk's content, for the time of a measurement.</summary>
internal sealed class VCenter : IDisposable
{
    public const string User = "administrator@vsphere.local";
    public const string Password = "VMware1!";

    /// <summary>Of the one certificate that Go's test servers have.</summary>
    private const string Thumbprint = "2C:11:ED:D7:13:87:7D:B5:74:18:B8:1C:42:C2:56:1F:0D:B9:5B:B9";

    private readonly Process _process;

    private VCenter(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>"127.0.0.1:12345"</summary>
    public string Address { get; }

    public static string? Program => Environment.GetEnvironmentVariable("OSMIGRATE_TEST_VCENTER") is { Length: > 0 } path && File.Exists(path) ? path : null;

    public static VCenter Start(string disk, int machines)
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "-l", "127.0.0.1:0" }.Concat(Enumerable.Range(0, machines).SelectMany(n => new[] { "-vm", $"name=m{n},disk={disk}" })))
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + Program);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("READY ", StringComparison.Ordinal))
                return new VCenter(process, new Uri(line.Split(' ')[1]).Authority.Split('@')[^1]);
        }

        throw new InvalidOperationException("the vCenter simulator did not start");
    }

    public static VSphereSession Connect(string address)
    {
        var session = new VSphereSession(VSphereServer.Of(address) with { Tls = new TlsSettings { Thumbprint = Thumbprint } }, VSphereLogin.WithPassword(User, new Secret(Password)));
        session.Connect(CancellationToken.None);
        return session;
    }

    /// <summary>What Export-VSphereVM does.</summary>
    public static void Export(VSphereSession session, string machine, string folder)
        => new MachineExport(session, Find(session, machine), new VSphereSourceOptions { Transport = DiskTransport.Lease }, new MachineExportOptions(folder, Qcow2Format.Instance, Overwrite: true), new Quiet(), static _ => { }, CancellationToken.None).Run();

    /// <summary>A machine's disk on its way into a folder, as a job would have it.</summary>
    public static SourceCopy Copy(VSphereSession session, string machine, DiskTransport transport, string folder)
    {
        var found = Find(session, machine);
        var origin = new VSphereOrigin
        {
            Server = session.Name, MachineId = found.Reference.Value, MachineName = machine, InstanceUuid = found.InstanceUuid, DatacenterPath = found.DatacenterPath,
            Mode = MigrationMode.Cold, Transport = transport, PowerState = found.PowerState, WorkFolder = folder, SnapshotName = "osmigrate-" + JobStore.NewId(),
        };
        return new SourceCopy(session, origin, found.Disks, new MemoryNotes(static _ => { }), new Quiet(), CancellationToken.None);
    }

    private static VSphereMachine Find(VSphereSession session, string machine)
    {
        var inventory = new VSphereInventory(session, CancellationToken.None);
        return inventory.Read(inventory.Names().Single(m => string.Equals(m.Name, machine, StringComparison.Ordinal)).Reference);
    }

    public void Dispose()
    {
        // Asked to end, it removes its folders.
        ExternalTool.Run("kill", _process.Id.ToString(CultureInfo.InvariantCulture));
        if (!_process.WaitForExit(10_000))
            _process.Kill();
        _process.Dispose();
    }

    private sealed class Quiet : IJobWatcher
    {
        public void Copying(string activity, Disks.Copying.CopyProgress progress)
        {
        }

        public void Waiting(string activity, string state)
        {
        }

        public void Warn(string text)
        {
        }
    }
}
