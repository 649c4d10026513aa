using OsMigrate.Disks;
using OsMigrate.Machines;

namespace OsMigrate.Migrations.Preparation;

/// <summary>The disks of one machine, opened together and changed together. Holds those that nobody took yet.</summary>
internal sealed class PreparedDisks : IDisposable
{
    private readonly List<EditedImage?> _images;

    private PreparedDisks(List<EditedImage?> images, PreparedGuest guest) => (_images, Guest) = (images, guest);

    public PreparedGuest Guest { get; }

    /// <param name="open">Opens each disk, the boot disk first.</param>
    /// <exception cref="Bytes.OsMigrateException">A disk is damaged, or the guest cannot be prepared; nothing stays open.</exception>
    public static PreparedDisks Open(IEnumerable<Func<CancellationToken, DiskImage>> open, Machine machine, GuestPreparationPlan plan, IGuestStep step, CancellationToken cancel)
    {
        var images = new List<EditedImage?>();
        try
        {
            foreach (var disk in open)
                images.Add(new EditedImage(disk(cancel)));
            var guest = step.Run(machine, images.ConvertAll(static i => i!), plan, cancel);
            return new PreparedDisks(images, guest with { EditDigests = images.ConvertAll(static i => i!.DigestOfEdits()) });
        }
        catch
        {
            images.ForEach(static i => i?.Dispose());
            throw;
        }
    }

    /// <summary>What would be changed, one text each, for -WhatIf: done on the disks in memory and dropped.</summary>
    /// <exception cref="Bytes.OsMigrateException">As <see cref="Open"/>.</exception>
    public static IReadOnlyList<string> Preview(IEnumerable<Func<CancellationToken, DiskImage>> open, Machine machine, GuestPreparationPlan plan, IGuestStep step, CancellationToken cancel)
    {
        using var disks = Open(open, machine, plan, step, cancel);
        return [.. disks.Guest.Drivers.Select(static d => $"In the guest: {d}"), .. disks.Guest.Changes.Select(static c => $"In the guest: {c}")];
    }

    /// <summary>Hands a disk over, once; the caller disposes it.</summary>
    public EditedImage Take(int index)
    {
        var image = _images[index] ?? throw new InvalidOperationException($"disk {index} was taken already");
        _images[index] = null;
        return image;
    }

    public void Dispose() => _images.ForEach(static i => i?.Dispose());
}
