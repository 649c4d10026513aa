using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Net;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Downloads the ISO with the virtio drivers.</summary>
[Cmdlet(VerbsData.Save, "VirtioDriver", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveVirtioDriverCommand : AsyncCmdlet
{
    /// <summary>What the virtio-win project publishes as its current stable release.</summary>
    private static readonly Uri Stable = new("https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/stable-virtio/virtio-win.iso");

    private static readonly string Cache = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "OsMigrate", "drivers");

    private string? _destination;
    private TlsSettings _tls = new();

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri Uri { get; set; } = Stable;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? Destination { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Sha256")]
    [ValidatePattern("^[0-9a-fA-F]{64}$")]
    public string? Checksum { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? CACertificate { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void CheckParameters()
        => _tls = CACertificate is null ? new TlsSettings() : new TlsSettings { AuthorityFile = FilePaths.Existing(SessionState, CACertificate) };

    protected override void TakeRecord()
    {
        _destination = Destination is null ? Cache : Attempt(Destination, () => FilePaths.Literal(SessionState, Destination), null);
        if (_destination is { } destination)
            Run(Uri, () => Download(Uri, destination));
    }

    private void Download(Uri address, string destination)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{address}' is no address of a web server; it must begin with https:// or http://.", address.OriginalString);
        var name = Path.GetFileName(address.LocalPath);
        var path = destination == Cache || Directory.Exists(destination) ? Path.Combine(destination, name.Length == 0 ? "virtio-win.iso" : name) : destination;
        if (!Confirm($"Download {address} to '{path}'.", $"Download {address}?"))
            return;
        if (address.Scheme == "http" && Checksum is null)
            Warn($"{address} is not secure: anybody on the way may change the drivers. Give -Checksum.");
        using var transport = new HttpTransport(_tls, note: Tell);
        var file = new FileDownload(transport) { Note = Warn, Progress = new DownloadMeter(CopyProgress($"Downloading {name}")).Report }.Run(address, path, Checksum, Force, Cancel);
        Tell($"{file.Path}: {file.Outcome}, SHA-256 {file.Sha256}");
        Emit(new FileInfo(file.Path));
    }
}
