using System.Globalization;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Chooses the flavor of a new server: the one named, or the smallest that what it boots from fits.</summary>
public static class FlavorChoice
{
    /// <summary>What stands for "the smallest that fits".</summary>
    public const string Automatic = "auto";

    /// <param name="bootFromVolume">The image becomes a volume: then the flavor's disk does not count.</param>
    public static Flavor Choose(CloudSession session, string nameOrId, Image? image, Volume? volume, bool bootFromVolume, CancellationToken cancel)
    {
        var flavors = new FlavorsClient(session);
        if (!nameOrId.Equals(Automatic, StringComparison.OrdinalIgnoreCase))
            return flavors.Find(nameOrId, cancel);
        var memoryMiB = image?.MinMemoryMiB ?? LeastMemoryMiB(volume);
        return FlavorsClient.Nearest(flavors.List(cancel), 1, memoryMiB, image is null || bootFromVolume ? 0 : image.LeastDiskGiB);
    }

    /// <summary>Cinder keeps what the image said about memory with the volume.</summary>
    private static long LeastMemoryMiB(Volume? volume)
        => volume is not null && volume.ImageMetadata.TryGetValue("min_ram", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var memory) ? memory : 0;
}
