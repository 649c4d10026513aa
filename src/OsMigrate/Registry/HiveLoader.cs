using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>Reads a primary file and, where it was not written out completely, its logs.</summary>
internal static class HiveLoader
{
    /// <summary>Cells of versions 1.0 and 1.1 (before Windows NT 3.5) are built differently.</summary>
    private const int OldestMinor = 2;

    private const int NewestMinor = 6;

    public static Hive Load(ByteStore store, HiveOptions options, ByteStore? log1, ByteStore? log2)
    {
        var image = ReadImage(store);
        var sumIsRight = BaseBlock.HasSignature(image.Header) && BaseBlock.HasRightSum(image.Header);
        var dirty = !sumIsRight || !BaseBlock.IsComplete(image.Header);
        var replayed = false;
        if (dirty)
        {
            if (options.RefuseDirty && BaseBlock.HasSignature(image.Header))
                throw Dirty(store);
            replayed = HiveLogs.Replay(image, sumIsRight, ReadLog(log1), ReadLog(log2));
            if (!sumIsRight && !replayed)
                throw BadHeader(image);
        }

        CheckHeader(image);
        var stated = BaseBlock.Get(image.Header, BaseBlock.DataLength);
        var held = (image.Length - HiveFormat.BaseBlockLength) & ~7;
        image.DataLength = Math.Min(stated, held);
        return new Hive(image, options) { IsDirty = dirty, LogsReplayed = replayed, IsTruncated = stated > held };
    }

    /// <summary>The file's bytes; the header is not judged yet.</summary>
    public static HiveImage ReadImage(ByteStore store)
    {
        if (store.Length < HiveFormat.BaseBlockLength)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, 0, $"a registry hive has at least {HiveFormat.BaseBlockLength} bytes; this file has {store.Length}");
        if (store.Length > HiveFormat.MaximumHiveLength)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, 0, $"hives of up to {HiveFormat.MaximumHiveLength} bytes are read; this file has {store.Length}");
        var length = (int)store.Length;
        return new HiveImage(store.ReadBytes(0, length), length, store.Name) { DataLength = (length - HiveFormat.BaseBlockLength) & ~7 };
    }

    private static byte[] ReadLog(ByteStore? log)
    {
        if (log is null)
            return [];
        if (log.Length > HiveFormat.MaximumHiveLength)
            throw new InvalidImageException(ErrorIds.TooLarge, log.Name, 0, $"logs of up to {HiveFormat.MaximumHiveLength} bytes are read");
        return log.ReadBytes(0, (int)log.Length);
    }

    private static void CheckHeader(HiveImage image)
    {
        var header = image.Header;
        var (major, minor) = (BaseBlock.Get(header, BaseBlock.Major), BaseBlock.Get(header, BaseBlock.Minor));
        if (major != 1 || minor < OldestMinor || minor > NewestMinor)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, image.Name, BaseBlock.Major, $"hives of version {(uint)major}.{(uint)minor} are not read; 1.{OldestMinor} to 1.{NewestMinor} are");
        if (BaseBlock.Get(header, BaseBlock.FileType) != 0 || BaseBlock.Get(header, BaseBlock.FileFormat) != 1)
            throw new InvalidImageException(ErrorIds.BadStructure, image.Name, BaseBlock.FileType, "this is not a hive's primary file; it may be one of its logs");
        var length = BaseBlock.Get(header, BaseBlock.DataLength);
        if (length <= 0 || length % HiveFormat.BinUnit != 0)
            throw new InvalidImageException(ErrorIds.BadStructure, image.Name, BaseBlock.DataLength, $"hive bins of {(uint)length} bytes cannot be");
    }

    private static InvalidImageException BadHeader(HiveImage image) => BaseBlock.HasSignature(image.Header)
        ? new(ErrorIds.BadChecksum, image.Name, BaseBlock.Checksum, "the header's checksum is wrong, and no log was given that could replace it")
        : new(ErrorIds.UnknownFormat, image.Name, 0, "this is not a registry hive: the signature 'regf' is missing");

    private static InvalidImageException Dirty(ByteStore store)
        => new(ErrorIds.Dirty, store.Name, BaseBlock.PrimarySequence, "the hive was not written out completely (its sequence numbers differ or its checksum is wrong)")
        {
            Advice = "Start Windows once and shut it down properly, or allow the hive's logs to be applied.",
        };
}
