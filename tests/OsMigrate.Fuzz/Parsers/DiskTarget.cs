using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>One disk image format: open, walk the extents, read, look at the deflated blocks, check the structure.</summary>
internal sealed class DiskTarget(DiskFormat format) : FuzzTarget
{
    private const int MaxExtents = 300;
    private const long MaxRead = 4 << 20;
    private readonly byte[] _buffer = new byte[128 << 10];

    public override string Name => format.Name;

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get("disk-" + format.Name, path => DiskSeeds.Make(format, path));

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        var store = new InputStore(bytes, length, "input");
        var siblings = new InputSiblings(bytes, length, random.Next(4));
        if (random.Next(8) == 0)
            format.Matches(store.ReadBytes(0, Math.Min(length, DiskFormat.HeadSize)), store.ReadBytes(length - Math.Min(length, DiskFormat.TailSize), Math.Min(length, DiskFormat.TailSize)));
        var findings = 0;
        if (random.Next(2) == 0)
        {
            foreach (var finding in format.Check(new InputStore(bytes, length, "input"), siblings, CancellationToken.None))
            {
                if (finding is null)
                    throw new BrokenPromiseException("an empty finding");
                if (++findings >= 10_000)
                    break;
            }
        }

        using var image = format.Open(store, siblings);
        if (image.Length < 0)
            throw new BrokenPromiseException("a negative length");
        _ = image.Info.ToString();
        Walk(image);
        ReadHere(image, image.Length - 1);
        for (var i = 0; i < 4; i++)
            ReadHere(image, random.NextInt64(Math.Max(1, image.Length)));
        Deflated(image);
        return findings == 0;
    }

    public override void Repair(MutableInput input) => DiskRepairs.Repair(format.Name, input);

    private void Walk(DiskImage image)
    {
        long read = 0;
        var offset = 0L;
        for (var i = 0; i < MaxExtents && offset < image.Length && read < MaxRead; i++)
        {
            var extent = image.NextExtent(offset);
            if (extent.Start != offset || extent.Length <= 0 || extent.End > image.Length)
                throw new BrokenPromiseException($"at {offset} of {image.Length} the extent {extent}");
            for (var at = offset; extent.Kind == ExtentKind.Data && at < extent.End && read < MaxRead;)
            {
                var n = (int)Math.Min(extent.End - at, _buffer.Length);
                image.Read(at, _buffer.AsSpan(0, n));
                at += n;
                read += n;
            }

            offset = extent.End;
        }
    }

    private void ReadHere(DiskImage image, long offset)
    {
        if (offset < 0 || offset >= image.Length)
            return;
        image.Read(offset, _buffer.AsSpan(0, (int)Math.Min(image.Length - offset, 5000)));
        _ = image.NextExtent(offset);
    }

    private void Deflated(DiskImage image)
    {
        if (image.DeflatedBlocks is not { } blocks)
            return;
        if (blocks.BlockSize <= 0)
            throw new BrokenPromiseException("a block size of " + blocks.BlockSize);
        for (var i = 0L; i < 64 && i * blocks.BlockSize < image.Length; i++)
        {
            if (!blocks.TryGet(i * blocks.BlockSize, out var block))
                continue;
            if (block.Length <= 0 || block.Offset < 0 || block.Length > block.Store.Length - block.Offset)
                throw new BrokenPromiseException($"a deflated block of {block.Length} bytes at {block.Offset}, the file has {block.Store.Length}");
            block.Store.Read(block.Offset, _buffer.AsSpan(0, Math.Min(block.Length, _buffer.Length)));
        }
    }
}
