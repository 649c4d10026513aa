using System.Text;

namespace OsMigrate.Demo;

/// <summary>Content of a small disk: its first sector, and from 1 MiB on some megabytes of text and numbers so that there is something to compress.</summary>
internal sealed record DemoDisk(string FileName, long SizeBytes, byte[] FirstSector, int DataBytes)
{
    private const long DataAt = 1 << 20;

    public static DemoDisk Boot { get; } = new("osmigrate-demo-disk1.vmdk", 64L << 20, BootSector.Create(), 12 << 20);

    public static DemoDisk Data { get; } = new("osmigrate-demo-disk2.vmdk", 32L << 20, Sector(DemoAppliance.Marker + "\r\n"), 3 << 20);

    public void WriteRaw(string path)
    {
        using var file = File.Create(path);
        file.SetLength(SizeBytes);
        file.Write(FirstSector);
        file.Position = DataAt;

        // The same content every time: the demo's checksums can be compared.
        var random = new Random(DataBytes);
        var noise = new byte[2048];
        for (var line = 0; file.Position < DataAt + DataBytes; line++)
        {
            file.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"{FileName} line {line}: the quick brown fox jumps over the lazy dog.\n", 40))));
            random.NextBytes(noise);
            file.Write(noise);
        }
    }

    private static byte[] Sector(string text)
    {
        var sector = new byte[BootSector.Size];
        Encoding.ASCII.GetBytes(text).CopyTo(sector, 0);
        return sector;
    }
}
