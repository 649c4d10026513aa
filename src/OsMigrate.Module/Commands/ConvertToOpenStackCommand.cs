using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands;

/// <summary>Turns appliances and disk images into servers of a cloud, or into files that OpenStack takes.</summary>
[Cmdlet(VerbsData.Convert, "ToOpenStack", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[Alias("ConvertTo-OpenStack")]
[OutputType(typeof(OpenStackFiles), typeof(MigratedServer))]
public sealed class ConvertToOpenStackCommand : MachineMigrationCmdlet
{
    private readonly OutputFolders _folders = new();
    private string _output = "";

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? OutputDirectory { get; set; }

    [Parameter]
    [DiskFormat(Writable = true)]
    [ArgumentCompleter(typeof(WritableDiskFormatCompleter))]
    public string DiskFormat { get; set; } = "qcow2";

    [Parameter]
    public string? MachineName { get; set; }

    [Parameter]
    public SwitchParameter RawChecksum { get; set; }

    protected override void CheckParameters()
    {
        base.CheckParameters();
        if (Cloud is null == OutputDirectory is null)
        {
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, Cloud is null ? "Say where to: -Cloud for a server, or -OutputDirectory for files." : "-Cloud and -OutputDirectory exclude each other.")
            {
                Advice = "Get-OpenStackCloud lists the clouds.",
            };
        }

        // A wish that the chosen way cannot fulfil is told, not passed over.
        var others = Cloud is null ? CloudParameters : [nameof(DiskFormat), nameof(RawChecksum)];
        if (others.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } other)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"-{other} has no meaning with {(Cloud is null ? "-OutputDirectory" : "-Cloud")}.");
        if (OutputDirectory is not null)
            _output = FilePaths.Literal(SessionState, OutputDirectory);
    }

    protected override void Process(string path)
    {
        if (Cloud is not null && Force)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-Force has no meaning with -Cloud and a file.");
        if (Cloud is not null)
            Move(path, MachineName, Compression, !SkipVerify);
        else
            WriteFiles(path);
    }

    private void WriteFiles(string path)
    {
        using var plan = FileConversion.Plan(path, FileOptions());
        _folders.Take(plan);
        var changes = IsWhatIf ? FileConversion.PreviewGuests(plan, Cancel) : [];
        if (!Confirm(string.Join(Environment.NewLine + "  ", plan.Steps.Concat(changes).Prepend($"Convert '{path}' ({plan.SourceKind}):")), $"Convert '{path}' into '{_output}'?"))
            return;
        var result = FileConversion.Run(plan, new Forward(this), Cancel);
        foreach (var machine in result.Machines)
        {
            foreach (var warning in machine.Warnings)
                Warn($"{machine.Machine.Name}: {warning}");
            foreach (var change in machine.Guest?.Changes ?? [])
                Tell($"{machine.Machine.Name}: {change}");
            Emit(new OpenStackFiles(result, machine));
        }
    }

    private FileConversionOptions FileOptions() => new()
    {
        OutputDirectory = _output,
        TargetFormat = DiskFormats.Find(DiskFormat)!,
        Compression = Compression,
        MachineName = MachineName,
        Overwrite = Force,
        Verify = !SkipVerify,
        Drivers = Drivers,
        Checksums = RawChecksum ? ChecksumKinds.Default | ChecksumKinds.RawSha256 : ChecksumKinds.Default,
    };

    private sealed class Forward(ConvertToOpenStackCommand owner) : IProgress<FileConversionProgress>
    {
        public void Report(FileConversionProgress value) => owner.ReportProgress($"Converting {value.Activity}", value.Copy);
    }
}
