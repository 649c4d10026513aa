using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.Guests;
using OsMigrate.Tests.Support;
using Xunit.Abstractions;

namespace OsMigrate.Tests.FileSystems;

/// <summary>Every real NTFS volume at hand, read by us and by ntfs-3g: the same names, sizes and contents.</summary>
public sealed class NtfsAgreementTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Sets = ["ntfs", "oracle/in", "raw", "vhd", "vhdx", "vmdk", "qcow2", "vdi", "parallels"];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Disks
    {
        get
        {
            var found = new TheoryData<string>();
            foreach (var set in Sets)
            {
                foreach (var file in SharedData.Files(set).Where(HasNtfs))
                    found.Add(Path.GetRelativePath(SharedData.File("."), file));
            }

            if (found.Count == 0)
                found.Add("ntfs/*");
            return found;
        }
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Disks))]
    public void Names_sizes_and_contents_are_those_that_ntfs_3g_reads(string relative)
    {
        var path = SharedData.File(relative);
        Tool.Require("ntfs-3g");
        using var image = DiskFormats.OpenFile(path);
        foreach (var volume in new GuestDisks([image]).Volumes.Where(v => v.Kind == VolumeKind.Ntfs))
        {
            var raw = _folder.File("volume.raw");
            Save(volume.Store, raw);
            var theirs = Theirs(raw, out var refusal);
            List<string>? ours = null;
            string? ourRefusal = null;
            try
            {
                ours = Ours(NtfsVolume.Open(volume.Store));
            }
            catch (OsMigrateException e)
            {
                ourRefusal = e.Message;
            }

            var verdict = (ours, theirs) switch
            {
                (null, null) => $"both refuse: {ourRefusal} / {refusal}",
                (null, _) => $"only we refuse: {ourRefusal}",
                (_, null) => $"only ntfs-3g refuses: {refusal}",
                _ when ours.SequenceEqual(theirs) => "equal",
                _ => $"differ: only ours {string.Join("; ", ours.Except(theirs).Take(3))}; only theirs {string.Join("; ", theirs.Except(ours).Take(3))}",
            };
            output.WriteLine($"| {Path.GetFileName(path)}, {volume.Where} | {volume.Store.Length >> 20} MiB | {ours?.Count} | {verdict} |");
            Assert.True(verdict == "equal" || verdict.StartsWith("both refuse", StringComparison.Ordinal) || verdict.StartsWith("only ntfs-3g refuses", StringComparison.Ordinal), verdict);
        }
    }

    /// <summary>Names, sizes, SHA-1; alternate streams as "name:stream".</summary>
    private static List<string> Ours(NtfsVolume volume)
    {
        var lines = new List<string>();
        var open = new Stack<(FileEntry Folder, string Path)>([(volume.Root, "")]);
        while (open.Count > 0)
        {
            var (folder, path) = open.Pop();
            foreach (var entry in folder.Children().Cast<NtfsFile>())
            {
                var name = $"{path}/{entry.Name}";
                // What a reparse point leads to is for its own driver to say.
                if (entry.ReparseTag != 0)
                    lines.Add(name + " ->");
                else if (entry.IsFolder)
                    lines.Add(name + "/");
                else
                    lines.Add($"{name} {entry.SizeBytes} {Sha1(entry.OpenContent())}");
                if (entry.IsFolder && entry.ReparseTag == 0)
                    open.Push((entry, name));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private List<string>? Theirs(string raw, out string refusal)
    {
        var mount = _folder.File("mnt");
        Directory.CreateDirectory(mount);
        var (code, text) = Tool.Run("ntfs-3g", "-o", "ro,norecover", raw, mount);
        refusal = text.Trim().Split('\n')[0];
        if (code != 0)
            return null;
        try
        {
            var lines = new List<string>();
            foreach (var path in Directory.EnumerateFileSystemEntries(mount, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, MaxRecursionDepth = 200 }))
            {
                var name = "/" + Path.GetRelativePath(mount, path);
                if (new FileInfo(path).LinkTarget is not null)
                    lines.Add(name + " ->");
                else if (Directory.Exists(path))
                    lines.Add(name + "/");
                else
                    lines.Add($"{name} {new FileInfo(path).Length} {Sha1(path)}");
            }

            lines.Sort(StringComparer.Ordinal);
            return lines;
        }
        finally
        {
            Tool.Run("fusermount", "-u", mount);
        }
    }

    private static bool HasNtfs(string path)
    {
        try
        {
            using var image = DiskFormats.OpenFile(path);
            return new GuestDisks([image]).Volumes.Any(v => v.Kind == VolumeKind.Ntfs);
        }
        catch (OsMigrateException)
        {
            // Extents, logs, and the made-up broken images.
            return false;
        }
    }

    private static void Save(ByteStore store, string path)
    {
        using var file = File.Create(path);
        var buffer = new byte[1 << 20];
        for (var at = 0L; at < store.Length;)
        {
            var extent = store.NextExtent(at);
            var n = (int)Math.Min(buffer.Length, extent.End - at);
            if (extent.Kind == ExtentKind.Data)
            {
                store.Read(at, buffer.AsSpan(0, n));
                file.Position = at;
                file.Write(buffer, 0, n);
                at += n;
            }
            else
            {
                at = extent.End;
            }
        }

        file.SetLength(store.Length);
    }

    private static string Sha1(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA1.HashData(file));
    }

    private static string Sha1(ByteStore store)
    {
        using (store)
        using (var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1))
        {
            var buffer = new byte[1 << 20];
            for (var at = 0L; at < store.Length;)
            {
                var n = (int)Math.Min(buffer.Length, store.Length - at);
                store.Read(at, buffer.AsSpan(0, n));
                sum.AppendData(buffer, 0, n);
                at += n;
            }

            return Convert.ToHexStringLower(sum.GetHashAndReset());
        }
    }
}
