using System.Management.Automation;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.OpenStack.Configuration.Editing;

namespace OsMigrate.Module.Commands.Configuration;

/// <summary>Changes an option in a configuration file at its place, or rewrites what is of the past; everything else stays byte for byte.</summary>
[Cmdlet(VerbsCommon.Set, "OpenStackConfig", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(ConfigChange))]
public sealed class SetOpenStackConfigCommand : ConfigCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Section { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Option { get; set; }

    [Parameter]
    [AllowEmptyString]
    public string[]? Value { get; set; }

    /// <summary>For secrets: never shown, and not on the command line.</summary>
    [Parameter]
    public System.Security.SecureString? SecretValue { get; set; }

    [Parameter]
    public SwitchParameter Add { get; set; }

    [Parameter]
    public SwitchParameter Remove { get; set; }

    [Parameter]
    public SwitchParameter Modernize { get; set; }

    [Parameter]
    public SwitchParameter NoBackup { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void CheckParameters()
    {
        base.CheckParameters();
        var ways = new[] { Value is not null, SecretValue is not null, Remove.IsPresent, Modernize.IsPresent }.Count(w => w);
        if (ways != 1)
            throw Bad("Give one of -Value, -SecretValue, -Remove and -Modernize.");
        if (Add && Value is null)
            throw Bad("-Add goes with -Value.");
    }

    /// <summary>Reading may fall back to /etc; changing may not.</summary>
    protected override void TakeRecord()
    {
        if (ParameterSetName == ByPath && !MyInvocation.BoundParameters.ContainsKey(nameof(Path)))
            Run(null, () => throw Bad("Name the file, folder or host to change."));
        else
            base.TakeRecord();
    }

    private protected override void Work(ConfigFiles files)
    {
        if (Modernize)
        {
            foreach (var change in files.PlanModernization(Release))
                Apply(files, change);
            return;
        }

        if (Section is null || Option is null)
            throw Bad("-Section and -Option name what is to be set.");
        // A dollar sign of a secret begins no reference.
        var values = SecretValue is not null ? [new System.Net.NetworkCredential("", SecretValue).Password.Replace("$", "$$")] : Value ?? [];
        Apply(files, files.PlanOption(Section, Option, values, Add, Force, Release));
    }

    private void Apply(ConfigFiles files, PlannedChange change)
    {
        if (change.IsNone)
        {
            Tell($"{change.Path} is so already.");
            return;
        }

        if (Confirm($"{change.Path} on {change.Node}:{Environment.NewLine}{change.Diff}", $"Change {change.Path} on {change.Node} like this?{Environment.NewLine}{change.Diff}"))
            Emit(files.Write(change, !NoBackup, Cancel));
    }

    private static Bytes.OsMigrateException Bad(string message) => new(Bytes.ErrorIds.BadRequest, Bytes.ErrorKind.InvalidArgument, message);
}
