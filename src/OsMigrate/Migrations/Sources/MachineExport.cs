using System.Security.Cryptography;
using System.Text;
using OsMigrate.Appliances.Ovf;
using OsMigrate.Appliances.Tar;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Raw;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Machines;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Jobs;
using OsMigrate.VSphere.Export;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Sources;

/// <summary>What an export writes.</summary>
/// <param name="Folder">Full path of the folder that gets it.</param>
/// <param name="Format">Null for an OVA, else the format of the disks.</param>
/// <param name="Overwrite">Replace what is there.</param>
public sealed record MachineExportOptions(string Folder, DiskFormat? Format, bool Overwrite)
{
    /// <summary>An OVA gets the descriptor that the server itself writes, with all that vSphere knows of the machine; else a neutral one.</summary>
    public bool UseHostDescriptor { get; init; }
}

/// <summary>A file that was written.</summary>
/// <param name="Sha256">Lower-case hex digits.</param>
public sealed record ExportedFile(string Path, long SizeBytes, string? Sha256);

/// <summary>Writes a machine of vSphere to files: an OVA, or its disks.</summary>
public sealed class MachineExport(VSphereSession session, VSphereMachine machine, VSphereSourceOptions source, MachineExportOptions options, IJobWatcher watcher, Action<string> tell, CancellationToken cancel)
{
    private readonly string _name = FileNames.Safe(machine.Name, "machine");

    /// <summary>Full path of the OVA, or of the first disk.</summary>
    public string Destination => options.Format is { } format ? DiskPath(0, format) : Path.Combine(options.Folder, _name + ".ova");

    /// <exception cref="OsMigrateException">Nothing is left behind, on neither side.</exception>
    public IReadOnlyList<ExportedFile> Run()
    {
        var id = JobStore.NewId();
        var work = Path.Combine(source.WorkFolder ?? options.Folder, $".{_name}-{id}");
        using var opened = VSphereJobSource.Open(session, machine, source with { WorkFolder = null }, id, work, cancel);
        // A stream that is to become something else is converted afterwards, with the checksums that it carries.
        opened.LeaseAsQcow2 = options.Format == Qcow2Format.Instance ? new EncodeOptions { Checksums = ChecksumKinds.None } : null;
        RequireHostDescriptor();
        RequireFree();
        var notes = new MemoryNotes(tell);
        var origin = opened.Origin;
        try
        {
            opened.Acquire(notes, watcher, isPartlySent: false, cancel);
            var neutral = opened.Machines[0];
            return options.Format is { } format ? WriteDisks(opened, neutral, format) : [WriteAppliance(opened, neutral, origin.WorkFolder)];
        }
        finally
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
            // An export leaves the machine as it was, also when it went well.
            new SourceRelease(session, origin, notes, limit.Token).Undo();
            if (Directory.Exists(work) && !Directory.EnumerateFileSystemEntries(work).Any())
                Directory.Delete(work);
        }
    }

    /// <summary>What can be told before hours of copying.</summary>
    private void RequireHostDescriptor()
    {
        if (!options.UseHostDescriptor)
            return;
        if (options.Format is not null)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "Only an OVA has a descriptor.", machine.Name);
        HostDescriptor.Require(session);
    }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileExists"/>.</exception>
    private void RequireFree()
    {
        var taken = options.Format is { } format ? Enumerable.Range(0, machine.Disks.Count).Select(i => DiskPath(i, format)).FirstOrDefault(File.Exists) : File.Exists(Destination) ? Destination : null;
        if (taken is not null && !options.Overwrite)
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{taken}' exists already.", taken) { Advice = "Use -Force to replace it." };
        Attempt(options.Folder, "create", () => Directory.CreateDirectory(options.Folder));
    }

    private string DiskPath(int index, DiskFormat format) => Path.Combine(options.Folder, FormattableString.Invariant($"{_name}-disk{index}{format.Extension}"));

    private List<ExportedFile> WriteDisks(VSphereJobSource opened, Machine neutral, DiskFormat format)
        => [.. neutral.Disks.Select((disk, i) => opened.FileOf(i) is { } file && file.Disk.Format == format
            ? TakeOver(file.Path, DiskPath(i, format))
            : Convert(opened, disk, DiskPath(i, format), format, $"{machine.Name}: writing disk {i + 1} of {neutral.Disks.Count}"))];

    /// <summary>What was fetched is what was asked for.</summary>
    private ExportedFile TakeOver(string fetched, string path) => Attempt(path, "write", () =>
    {
        var sha256 = Sums(options.Format!) == ChecksumKinds.None ? null : FileDigest.Sha256(fetched, cancel);
        var partial = path + FileSink.PartialSuffix;
        try
        {
            // In two steps: a work folder on another volume is copied from.
            File.Delete(partial);
            File.Move(fetched, partial);
            if (File.Exists(path))
                File.Delete(path);
            File.Move(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }

        return new ExportedFile(path, new FileInfo(path).Length, sha256);
    });

    private ExportedFile Convert(VSphereJobSource opened, MachineDisk disk, string path, DiskFormat format, string activity)
    {
        using var image = opened.OpenDisk(disk, cancel).Image;
        var result = DiskConversion.Run(image, path, format, new EncodeOptions { Progress = new Forward(watcher, activity), Cancel = cancel, Checksums = Sums(format) }, options.Overwrite);
        return new ExportedFile(path, new FileInfo(path).Length, result.Sha256);
    }

    /// <summary>What is told of the files, and no more. A raw file is as long as its disk, holes included: summing it up takes long.</summary>
    internal static ChecksumKinds Sums(DiskFormat format) => format == RawFormat.Instance ? ChecksumKinds.None : ChecksumKinds.Sha256;

    private ExportedFile WriteAppliance(VSphereJobSource opened, Machine neutral, string work)
    {
        var disks = new List<(string Path, string Sha256, OvfWrittenDisk Disk)>();
        for (var i = 0; i < neutral.Disks.Count; i++)
        {
            var path = Path.Combine(work, FormattableString.Invariant($"disk{i}-ova.img"));
            var file = Convert(opened, neutral.Disks[i], path, VmdkFormat.Instance, $"{machine.Name}: preparing disk {i + 1} of {neutral.Disks.Count}");
            disks.Add((path, file.Sha256!, new OvfWrittenDisk(neutral.Disks[i], FormattableString.Invariant($"{_name}-disk{i + 1}.vmdk"), file.SizeBytes)));
        }

        List<OvfWrittenDisk> written = [.. disks.Select(static d => d.Disk)];
        var descriptor = options.UseHostDescriptor ? ByHost(opened, written) : OvfWriter.Write(neutral, written);
        var manifest = new StringBuilder($"SHA256({_name}.ovf)= {Sha256(descriptor)}\n");
        foreach (var disk in disks)
            manifest.Append($"SHA256({disk.Disk.FileName})= {disk.Sha256}\n");
        return Pack(descriptor, Encoding.ASCII.GetBytes(manifest.ToString()), disks);
    }

    private byte[] ByHost(VSphereJobSource opened, IReadOnlyList<OvfWrittenDisk> written)
    {
        watcher.Waiting($"{machine.Name}: source", "Asking for the descriptor");
        var files = written.Select((disk, i) => new HostDescriptorFile(
            opened.FileOf(i)?.Disk.LeaseKey ?? LeaseDisks.KeyOf(machine.Reference, machine.Disks[i]), disk.FileName, disk.FileSizeBytes, disk.Disk.CapacityBytes));
        var answer = HostDescriptor.Ask(session, machine.Reference, machine.Name, [.. files], cancel);
        foreach (var warning in answer.Warnings)
            watcher.Warn($"{machine.Name}: {warning}");
        HostDescriptorCheck.Require(answer.Utf8, session.Name, machine.Name, written);
        return answer.Utf8;
    }

    private ExportedFile Pack(byte[] descriptor, byte[] manifest, List<(string Path, string Sha256, OvfWrittenDisk Disk)> disks)
    {
        var partial = Destination + FileSink.PartialSuffix;
        watcher.Waiting($"{machine.Name}: writing", Path.GetFileName(Destination));
        return Attempt(partial, "write", () =>
        {
            try
            {
                using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
                {
                    var tar = new TarWriter(file);
                    tar.Add(_name + ".ovf", descriptor.Length, s => s.Write(descriptor, 0, descriptor.Length));
                    tar.Add(_name + ".mf", manifest.Length, s => s.Write(manifest, 0, manifest.Length));
                    foreach (var disk in disks)
                        tar.Add(disk.Disk.FileName, disk.Disk.FileSizeBytes, s => Copy(disk.Path, s));
                    tar.Finish();
                    file.Flush(flushToDisk: true);
                }

                if (File.Exists(Destination))
                    File.Delete(Destination);
                File.Move(partial, Destination);
                return new ExportedFile(Destination, new FileInfo(Destination).Length, null);
            }
            finally
            {
                File.Delete(partial);
            }
        });
    }

    private void Copy(string path, Stream target)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[1 << 20];
        for (int n; (n = file.Read(buffer, 0, buffer.Length)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            target.Write(buffer, 0, n);
        }
    }

    private static string Sha256(byte[] bytes)
    {
        using var sum = SHA256.Create();
        return Hex.Lower(sum.ComputeHash(bytes));
    }

    private static T Attempt<T>(string path, string verb, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, verb);
        }
    }

    private sealed class Forward(IJobWatcher watcher, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => watcher.Copying(activity, value);
    }
}
