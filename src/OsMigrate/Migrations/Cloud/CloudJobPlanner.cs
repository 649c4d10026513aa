using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.Migrations.Features;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Decides how a machine will look in a cloud. Only asks; makes nothing.</summary>
public sealed class CloudJobPlanner(CloudSession session, CloudJobOptions options, CancellationToken cancel)
{
    private const long GiB = 1L << 30;

    private readonly List<string> _warnings = [];

    /// <exception cref="OsMigrateException">Something that is needed is not there, not clear, or not allowed; nothing was made.</exception>
    public CloudJobPlan Plan(CloudJobSource source, Machine machine, string jobId)
    {
        if (machine.Disks.Count == 0)
            throw new OsMigrateException(ErrorIds.UnsupportedAppliance, ErrorKind.NotSupported, $"The machine '{machine.Name}' has no disk to move.", machine.Name);
        RequireSite();
        MetadataPlanner.Require(options.Metadata);
        var name = options.ServerName ?? machine.Name;
        var sizes = machine.Disks.Select(d => source.SizeOf(d, _warnings.Add, cancel)).ToList();
        var flavor = Flavor(source, machine, sizes[0]);
        var disks = machine.Disks.Select((disk, i) => Disk(disk, i, name, sizes[i])).ToList();
        var ports = new PortPlanner(session, options, cancel).Plan(machine, name, source.DescribesMachine);
        var group = options.ServerGroup is null ? null : new ServerGroupsClient(session).Find(options.ServerGroup, cancel);
        var preparation = options.Drivers?.PlanFor(machine, _warnings);
        return source.Stamp(new CloudJobPlan
        {
            JobId = jobId,
            SourcePath = source.Path,
            SourceKind = source.Kind,
            MachineId = machine.Id,
            MachineName = machine.Name,
            Cloud = session.Name,
            ProjectId = session.ProjectId,
            ServerName = name,
            FlavorId = flavor.Id,
            FlavorName = flavor.Name,
            Target = options.Target,
            Disks = disks,
            Ports = ports,
            Quotas = new QuotaCheck(session, cancel).Run(flavor, disks, ports.Count),
            ImageProperties = Properties(machine, source, preparation is not null),
            SecurityGroupIds = options.SecurityGroups.Select(g => new NetworksClient(session).FindSecurityGroup(g, cancel).Id).ToList(),
            KeyName = options.KeyName,
            AvailabilityZone = options.AvailabilityZone,
            ServerGroupId = group?.Id,
            ServerGroupName = group is null ? null : $"{group.Name} ({group.Policy})",
            Metadata = options.Metadata,
            UserDataPath = options.UserDataPath,
            Tags = options.Tags,
            Preparation = preparation,
            Compression = options.Compression,
            Verify = options.Verify,
            BandwidthLimit = options.BandwidthLimit,
            LeaveOff = options.LeaveOff,
            WaitForText = options.WaitForText,
            WaitForPort = options.WaitForPort,
            Limit = options.Limit,
            Warnings = [.. source.Warnings, .. machine.Warnings, .. _warnings],
        });
    }

    /// <summary>What Nova would only find out after everything is uploaded.</summary>
    private void RequireSite()
    {
        var site = new ComputeSite(session);
        if (options.AvailabilityZone is { } zone && zone.IndexOf(':') < 0)
            Require("availability zone", zone, site.Zones(cancel).Select(z => z.Name));
        if (options.KeyName is { } key)
            Require("key pair", key, site.KeyPairs(cancel).Select(k => k.Name));
    }

    private void Require(string what, string wanted, IEnumerable<string> known)
    {
        var names = known.ToList();
        if (!names.Contains(wanted))
            throw new OsMigrateException(ErrorIds.CloudNotFound, ErrorKind.NotFound, $"The cloud '{session.Name}' has no {what} '{wanted}'. It has: {string.Join(", ", names.Take(20).DefaultIfEmpty("none"))}.", wanted);
    }

    private CloudDisk Disk(MachineDisk disk, int index, string name, long size)
        => new(index, disk.Id, $"{name}-disk{index}", size, Guid.NewGuid().ToString("D"), ToVolume: index > 0 || options.Target == DiskTarget.Volume)
        {
            VolumeType = new[] { disk.Label, disk.Address, disk.FileName, index.ToString(System.Globalization.CultureInfo.InvariantCulture) }
                .Select(key => key is not null && options.VolumeTypes.TryGetValue(key, out var type) ? type : null).FirstOrDefault(t => t is not null) ?? options.VolumeType,
        };

    private Flavor Flavor(CloudJobSource source, Machine machine, long bootSize)
    {
        var flavors = new FlavorsClient(session);
        var disk = options.Target == DiskTarget.Image ? (bootSize + GiB - 1) / GiB : 0;
        if (options.Flavor is { } wanted && !string.Equals(wanted, "auto", StringComparison.OrdinalIgnoreCase))
            return Chosen(flavors.Find(wanted, cancel), machine, disk);
        if (!source.DescribesMachine || machine.MemoryMiB == 0)
        {
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{source.Path}' does not say how much memory the machine has, so no flavor can be chosen for it.", source.Path)
            {
                Advice = "Name one with -Flavor.",
            };
        }

        return FlavorsClient.Nearest(flavors.List(cancel), machine.CpuCount, machine.MemoryMiB, disk);
    }

    private Flavor Chosen(Flavor flavor, Machine machine, long diskGiB)
    {
        if (flavor.DiskGiB > 0 && flavor.DiskGiB < diskGiB)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"The flavor '{flavor.Name}' has {flavor.DiskGiB} GiB of disk, the boot disk of '{machine.Name}' needs {diskGiB} GiB.", flavor.Name) { Advice = "Choose a larger flavor, or -As Volume." };
        if (flavor.CpuCount < machine.CpuCount || flavor.MemoryMiB < machine.MemoryMiB)
            _warnings.Add($"The flavor '{flavor.Name}' has {flavor.CpuCount} CPUs and {flavor.MemoryMiB} MiB, the machine had {machine.CpuCount} and {machine.MemoryMiB}.");
        return flavor;
    }

    private Dictionary<string, string> Properties(Machine machine, CloudJobSource source, bool getsVirtio)
    {
        var asked = source.DescribesMachine ? ImageProperties.For(machine) : [];
        var properties = (getsVirtio ? ImageProperties.WithVirtio(asked) : asked).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        foreach (var property in options.Properties)
        {
            if (property.Value.Length == 0)
                properties.Remove(property.Key);
            else
                properties[property.Key] = property.Value;
        }

        return properties;
    }
}
