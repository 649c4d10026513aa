using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>Makes an empty hive.</summary>
internal static class NewHive
{
    /// <summary>Self-relative security descriptor: owner and group Administrators; full control for SYSTEM and Administrators, inherited.</summary>
    private const string Descriptor =
        "0100048048000000580000000000000014000000020034000200000000031400" + "3f000f00010100000000000512000000"
        + "000318003f000f0001020000000000052000000020020000" + "01020000000000052000000020020000" + "01020000000000052000000020020000";

    public static Hive Create(HiveOptions options)
    {
        var image = new HiveImage(new byte[HiveFormat.BaseBlockLength + HiveFormat.BinUnit], HiveFormat.BaseBlockLength, "new hive");
        var header = image.Header;
        BaseBlock.Put(header, 0, 0x66676572);
        BaseBlock.Put(header, BaseBlock.PrimarySequence, 1);
        BaseBlock.Put(header, BaseBlock.SecondarySequence, 1);
        BaseBlock.Put(header, BaseBlock.Major, 1);
        BaseBlock.Put(header, BaseBlock.Minor, 5);
        BaseBlock.Put(header, BaseBlock.FileFormat, 1);
        BaseBlock.Put(header, BaseBlock.ClusterFactor, 1);
        var space = new CellSpace(image);
        var time = FileTime.Encode(options.Timestamp ?? DateTime.UtcNow);
        var security = SecurityCells.Create(image, space, Bytes());
        var root = KeyCell.Create(image, space, "ROOT", HiveFormat.Nil, security, time, KeyCell.RootFlags);
        SecurityCells.AddReference(image, security);
        BaseBlock.Put(image.Header, BaseBlock.RootCell, root.Offset);
        BaseBlock.Complete(image.Header, time);
        return new Hive(image, options);
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[Descriptor.Length / 2];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = Convert.ToByte(Descriptor.Substring(2 * i, 2), 16);
        return bytes;
    }
}
