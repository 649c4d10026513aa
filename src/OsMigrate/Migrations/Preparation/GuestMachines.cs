using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Guests;

namespace OsMigrate.Migrations.Preparation;

/// <summary>A machine whose guest can be looked at: its disks are open together.</summary>
/// <param name="Name">The machine's name; that of the file for a disk image.</param>
/// <param name="Disks">In their order; they stay open while the machine is being looked at.</param>
public sealed record GuestMachine(string Name, IReadOnlyList<DiskImage> Disks)
{
    public GuestDisks Guest { get; } = new(Disks);
}

/// <summary>Opens the machines of a file for a look at their guests.</summary>
public static class GuestMachines
{
    /// <summary>Calls <paramref name="look"/> for each machine of an appliance, or once for a disk image.</summary>
    /// <exception cref="OsMigrateException">The file, or a disk in it, cannot be read.</exception>
    public static void ForEach(string path, DiskFormat? stated, Action<GuestMachine> look, CancellationToken cancel)
    {
        if (stated is not null || !Appliance.Looks(path))
        {
            using var image = DiskFormats.OpenFile(path, stated);
            look(new GuestMachine(Path.GetFileNameWithoutExtension(path), [image]));
            return;
        }

        using var appliance = Appliance.Open(path);
        foreach (var machine in appliance.Machines)
        {
            var disks = new List<DiskImage>();
            try
            {
                foreach (var disk in machine.Disks)
                    disks.Add(appliance.OpenDisk(disk, cancel));
                look(new GuestMachine(machine.Name, disks));
            }
            finally
            {
                disks.ForEach(static d => d.Dispose());
            }
        }
    }
}
