using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Configuration;

namespace OsMigrate.Module.Commands.Configuration;

/// <summary>Compares what programs get from two files, folders or machines, or with the release's defaults.</summary>
[Cmdlet(VerbsData.Compare, "OpenStackConfig", DefaultParameterSetName = ByPath)]
[OutputType(typeof(ConfigDifference))]
public sealed class CompareOpenStackConfigCommand : ConfigCmdlet
{
    private ConfigFiles? _reference;
    private string? _referencePath;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? ReferencePath { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReferenceComputerName { get; set; }

    [Parameter]
    public SwitchParameter ToDefault { get; set; }

    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter]
    public SwitchParameter IncludeDefault { get; set; }

    protected override void CheckParameters()
    {
        base.CheckParameters();
        var ways = new[] { ReferencePath is not null || ReferenceComputerName is not null, ToDefault.IsPresent }.Count(w => w);
        if (ways != 1)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "Give -ReferencePath or -ReferenceComputerName, or -ToDefault.");
        if (ReferenceComputerName is null && ReferencePath is not null)
            _referencePath = FilePaths.Existing(SessionState, ReferencePath, folders: true);
    }

    private protected override void Work(ConfigFiles files)
    {
        if (ToDefault)
        {
            foreach (var difference in files.CompareToDefaults(Release))
                Emit(difference);
            return;
        }

        _reference ??= ReferenceComputerName is { } computer
            ? OnHost(computer, session => ConfigFiles.Remote(session, computer, ReferencePath ?? "/etc", Service, e => Warn(e.Message), Cancel))
            : ConfigFiles.Local(_referencePath!, Service, e => Warn(e.Message), Cancel);
        foreach (var difference in ConfigFiles.Compare(_reference, files, Release, IncludeEqual).Where(d => IncludeDefault || !d.IsDefault))
            Emit(difference);
    }
}
