using System.Collections;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Uploads disk images, and the disks of appliances, converting them on the way.</summary>
[Cmdlet(VerbsCommunications.Send, "GlanceImage", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(SentImage))]
public sealed class SendGlanceImageCommand : PathCmdlet
{
    private string _folder = "";

    [Parameter(ValueFromPipelineByPropertyName = true), ArgumentCompleter(typeof(CloudCompleter)), ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter, DiskFormat, ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string DiskFormat { get; set; } = "qcow2";

    [Parameter]
    public Compression Compression { get; set; }

    [Parameter, DiskFormat, ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? SourceDiskFormat { get; set; }

    [Parameter]
    public Hashtable? Property { get; set; }

    [Parameter]
    public string[] Tag { get; set; } = [];

    [Parameter]
    [ValidateSet("public", "community", "shared", "private")]
    public string? Visibility { get; set; }

    [Parameter]
    public SwitchParameter Protected { get; set; }

    [Parameter, ValidateRange(0, 1 << 20)]
    public int MinDiskGiB { get; set; }

    [Parameter, ValidateRange(0, 1 << 24)]
    public int MinMemoryMiB { get; set; }

    [Parameter]
    public ImageImportMethod Method { get; set; }

    [Parameter]
    public string[] Store { get; set; } = [];

    [Parameter, ValidateRange(1, long.MaxValue)]
    public long BandwidthLimit { get; set; }

    [Parameter]
    public SwitchParameter SkipVerify { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void CheckParameters()
    {
        _folder = CloudSessions.Folder(SessionState);
        if (Store.Length > 0 && Method == ImageImportMethod.Upload)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-Store needs -Method GlanceDirect: only an import goes to chosen stores.");
    }

    protected override void Process(string path) => CloudSessions.Use(Cloud, _folder, Warn, Tell, session =>
    {
        using var source = UploadSource.Open(path, SourceDiskFormat is null ? null : DiskFormats.Find(SourceDiskFormat));
        foreach (var disk in source.Disks)
            Send(session, path, disk, Name is null ? disk.Name : source.Disks.Count == 1 ? Name : $"{Name}-disk{disk.Index}");
    });

    private void Send(CloudSession session, string path, UploadDisk disk, string name)
    {
        using var opened = disk.Open(Cancel);
        opened.Image.Info.Notices.ToList().ForEach(notice => Warn($"{path}: {notice}"));
        var format = DiskFormats.Find(DiskFormat)!;
        UploadRules.Check(opened.Image, format, Force);
        var encode = new EncodeOptions { Compression = Compression, Verify = !SkipVerify, Checksums = ChecksumKinds.Content, Progress = CopyProgress($"Uploading {name}"), Cancel = Cancel };
        var outgoing = OutgoingImage.Plan(opened.Image, format, encode, opened.File);
        var how = outgoing.IsAsIs ? "as it is" : $"as {outgoing.FormatName}, made on the way";
        if (!Confirm($"Upload '{disk.SourceName}' to '{session.Name}' as the image '{name}' ({how}, {outgoing.SizeBytes} bytes).", $"Upload '{disk.SourceName}' as '{name}'?"))
            return;
        var options = new ImageUploadOptions { Method = Method, BandwidthLimit = BandwidthLimit > 0 ? BandwidthLimit : null };
        var sent = new ImageUpload(session, options).Run(outgoing, Request(name, disk, outgoing), Cancel);
        if (sent.VerifiedBy is null)
            Warn($"Glance has no checksum of the image '{name}' that is known here: only its size was compared.");
        Emit(CloudSessions.Marked(session, new SentImage(disk.SourceName, outgoing, sent)));
    }

    private ImageRequest Request(string name, UploadDisk disk, OutgoingImage outgoing) => new()
    {
        Name = name,
        DiskFormat = outgoing.FormatName,
        Properties = disk.PropertiesWith(Texts.Of(Property)),
        Tags = Tag,
        Visibility = Visibility,
        IsProtected = Protected,
        MinDiskGiB = MinDiskGiB,
        MinMemoryMiB = MinMemoryMiB,
        Stores = Store,
    };
}
