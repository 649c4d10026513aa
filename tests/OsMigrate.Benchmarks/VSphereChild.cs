using System.Diagnostics;
using System.Globalization;
using OsMigrate.Migrations.Sources;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Export;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Benchmarks;

/// <summary>One copy out of the vCenter simulator in a process of its own.</summary>
internal static class VSphereChild
{
    public const string Switch = "--vsphere";

    /// <summary>WAY ADDRESS FOLDER [MACHINES]; prints seconds and peak bytes. Ways: lease, range, and plain, which stores the stream of a lease as it comes.</summary>
    public static int Execute(string[] arguments)
    {
        var (way, address, folder) = (arguments[0], arguments[1], arguments[2]);
        var machines = arguments.Length > 3 ? int.Parse(arguments[3], CultureInfo.InvariantCulture) : 1;
        try
        {
            var clock = Stopwatch.StartNew();
            Parallel.For(0, machines, new ParallelOptions { MaxDegreeOfParallelism = machines }, n => One(way, address, Path.Combine(folder, "m" + n), "m" + n));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:f4} {PeakMemory.Of(Environment.ProcessId)}"));
            return 0;
        }
        catch (Exception e) when (e is Bytes.OsMigrateException or AggregateException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static void One(string way, string address, string folder, string machine)
    {
        Directory.CreateDirectory(folder);
        using var session = VCenter.Connect(address);
        if (string.Equals(way, "plain", StringComparison.Ordinal))
        {
            Plain(session, machine, Path.Combine(folder, "stream.vmdk"));
            return;
        }

        if (string.Equals(way, "lease", StringComparison.Ordinal))
            VCenter.Export(session, machine, folder);
        else
            VCenter.Copy(session, machine, DiskTransport.Range, folder).Acquire();
    }

    /// <summary>What a download does that only downloads.</summary>
    private static void Plain(OsMigrate.VSphere.Sessions.VSphereSession session, string machine, string path)
    {
        var reference = new VSphereInventory(session, CancellationToken.None).Names().Single(m => string.Equals(m.Name, machine, StringComparison.Ordinal)).Reference;
        using var lease = ExportLease.Open(session, reference, CancellationToken.None);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        lease.Fetch(lease.Disks[0], () => file.SetLength(0), (buffer, count) => file.Write(buffer, 0, count), CancellationToken.None);
        lease.Complete(CancellationToken.None);
    }
}
