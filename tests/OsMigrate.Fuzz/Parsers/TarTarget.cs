using System.Formats.Tar;
using System.Text;
using OsMigrate.Appliances.Files;
using OsMigrate.Appliances.Ovf;
using OsMigrate.Bytes;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>An OVA as a whole: the archive, the manifest, the machines, every disk opened.</summary>
internal sealed class TarTarget : FuzzTarget
{
    public override string Name => "ova";

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get("ova", Make);

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        using var package = new OvfPackage("input.ova", "ova", new TarFiles(new InputStore(bytes, length, "input.ova")));
        foreach (var disk in package.Machines.SelectMany(m => m.Disks))
        {
            try
            {
                using var image = package.OpenDisk(disk);
                _ = image.NextExtent(0);
                image.Read(0, new byte[(int)Math.Min(image.Length, 4096)]);
            }
            catch (OsMigrateException)
            {
                // A disk that is refused is no reason to stop.
                continue;
            }
        }

        if (random.Next(4) == 0)
            package.VerifyFiles(null, null, CancellationToken.None);
        return package.Machines.Count > 0;
    }

    /// <summary>POSIX.1-1988 ustar: the sum of the header's bytes, its own field counted as blanks.</summary>
    public override void Repair(MutableInput input)
    {
        for (var at = 0; at + 512 <= input.Length; at += 512)
        {
            if (!input.Bytes.AsSpan(at + 257, 5).SequenceEqual("ustar"u8))
                continue;
            var header = input.Change(at, 512);
            header.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var value in header)
                sum += value;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        }
    }

    private static void Make(string folder)
    {
        var disk = new byte[4096];
        new Random(5).NextBytes(disk);
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(disk);
        foreach (var format in new[] { TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.V7 })
        {
            using var file = File.Create(Path.Combine(folder, format + ".ova"));
            using var tar = new TarWriter(file, format);
            void Add(string name, byte[] content)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name, new Dictionary<string, string>(StringComparer.Ordinal) { ["comment"] = "x", ["path"] = name }),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    _ => new UstarTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(content);
                entry.ModificationTime = DateTimeOffset.UnixEpoch;
                tar.WriteEntry(entry);
            }

            var descriptor = Samples.Ovf.Replace(" ovf:chunkSize=\"4000\"", "", StringComparison.Ordinal).Replace("9000", packed.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
            Add("server.ovf", Encoding.UTF8.GetBytes(descriptor));
            Add("server.mf", Encoding.UTF8.GetBytes("SHA1(server-disk1.vmdk)= " + Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(disk)) + "\n"));
            Add("server-disk1.vmdk", disk);
            Add("server-disk2.vmdk.gz", packed.ToArray());
            if (format is TarEntryFormat.Gnu or TarEntryFormat.Pax)
                Add(new string('n', 180) + ".txt", [1, 2, 3]);
        }

        RealFiles.Copy(RealFiles.All(512 << 10, ".ova", ".tar"), folder, 20);
    }
}
