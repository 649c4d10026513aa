using OsMigrate.Bytes;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.OpenStack.Compute;

/// <summary>A new server as people describe it: everything by name or id. <see cref="Resolve"/> looks the names up.</summary>
public sealed record ServerDraft
{
    public required string Name { get; init; }

    /// <summary>Image to boot from; null when <see cref="Volume"/> is given.</summary>
    public string? Image { get; init; }

    /// <summary>Volume to boot from.</summary>
    public string? Volume { get; init; }

    /// <summary>A flavor, or <see cref="FlavorChoice.Automatic"/>.</summary>
    public string Flavor { get; init; } = FlavorChoice.Automatic;

    public IReadOnlyList<string> Networks { get; init; } = [];

    public IReadOnlyList<string> Ports { get; init; } = [];

    public string? ServerGroup { get; init; }

    /// <summary>Has Nova make a volume of the image and boot from that.</summary>
    public bool BootFromVolume { get; init; }

    /// <summary>Size of that volume; null for the smallest that the image fits.</summary>
    public long? VolumeSizeGiB { get; init; }

    public string? VolumeType { get; init; }

    /// <summary>Deletes that volume together with the server.</summary>
    public bool DeleteVolumeOnTermination { get; init; }

    /// <summary>Everything that is passed on as it is: key pair, security groups, zone, user data, metadata, tags.</summary>
    public ServerRequest Rest { get; init; } = new() { Name = "", FlavorId = "" };

    /// <summary>Looks up what the names mean and chooses the flavor. Asks only, changes nothing.</summary>
    /// <exception cref="OsMigrateException">A name means nothing or several things; there is nothing to boot from; no flavor fits.</exception>
    public (ServerRequest Request, Flavor Flavor) Resolve(CloudSession session, CancellationToken cancel)
    {
        var image = Image is null ? null : new ImagesClient(session).Find(Image, cancel);
        var volume = Volume is null ? null : new VolumesClient(session).Find(Volume, cancel);
        if (image is null == volume is null)
            throw Wrong(image is null ? "A server needs an image or a volume to boot from." : "A server boots from an image or from a volume, not from both.");
        Check(image, volume);
        var flavor = FlavorChoice.Choose(session, Flavor, image, volume, BootFromVolume, cancel);
        return (Rest with
        {
            Name = Name,
            FlavorId = flavor.Id,
            ImageId = image is not null && !BootFromVolume ? image.Id : null,
            Disks = Disks(image, volume),
            Networks = Adapters(session, cancel),
            ServerGroupId = ServerGroup is null ? null : new ServerGroupsClient(session).Find(ServerGroup, cancel).Id,
        }, flavor);
    }

    private void Check(Image? image, Volume? volume)
    {
        if (image is { Status: not "active" })
            throw new OsMigrateException(ErrorIds.CloudConflict, ErrorKind.InvalidArgument, $"The image '{image.Name}' is {image.Status}, not active: no server can boot from it.", image.Id);
        if (volume is { Status: not "available" })
            throw new OsMigrateException(ErrorIds.CloudConflict, ErrorKind.InvalidArgument, $"The volume '{volume.Name}' is {volume.Status}, not available: no server can boot from it.", volume.Id);
        if (volume is { IsBootable: false })
            throw new OsMigrateException(ErrorIds.CloudConflict, ErrorKind.InvalidArgument, $"The volume '{volume.Name}' is not marked as bootable.", volume.Id);
        if (volume is not null && BootFromVolume)
            throw Wrong("-BootFromVolume makes a volume of an image; to boot from a volume that is there, name it alone.");
    }

    private List<BlockDevice> Disks(Image? image, Volume? volume) => (image, volume) switch
    {
        (_, { } given) => [new BlockDevice("volume", given.Id, "volume", 0)],
        ({ } given, _) when BootFromVolume => [new BlockDevice("image", given.Id, "volume", 0)
        {
            SizeGiB = VolumeSizeGiB ?? given.LeastDiskGiB, VolumeType = VolumeType, DeleteOnTermination = DeleteVolumeOnTermination,
        }],
        _ => [],
    };

    /// <summary>Ports first: they are the ones the user took care of, and the first adapter is the main one.</summary>
    private List<ServerNetwork>? Adapters(CloudSession session, CancellationToken cancel)
    {
        if (Networks.Count == 0 && Ports.Count == 0)
            return null;
        if (Ports.Count == 0 && Networks.Count == 1 && Networks[0] == "none")
            return [];
        var neutron = new NetworksClient(session);
        return Ports.Select(p => new ServerNetwork(neutron.FindPort(p, cancel).Id, null))
            .Concat(Networks.Select(n => new ServerNetwork(null, neutron.Find(n, cancel).Id))).ToList();
    }

    private static OsMigrateException Wrong(string message) => new(ErrorIds.BadRequest, ErrorKind.InvalidArgument, message);
}
