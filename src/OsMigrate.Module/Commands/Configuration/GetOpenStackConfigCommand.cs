using System.Management.Automation;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Configuration;

namespace OsMigrate.Module.Commands.Configuration;

/// <summary>Lists the settings in configuration files of Keystone, Glance, Nova, Cinder, Neutron and Placement.</summary>
[Cmdlet(VerbsCommon.Get, "OpenStackConfig", DefaultParameterSetName = ByPath)]
[OutputType(typeof(ConfigSetting))]
public sealed class GetOpenStackConfigCommand : ConfigCmdlet
{
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Section { get; set; } = "*";

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Option { get; set; } = "*";

    [Parameter]
    public SwitchParameter Effective { get; set; }

    [Parameter]
    public SwitchParameter IncludeDefault { get; set; }

    [Parameter]
    public SwitchParameter ShowSecret { get; set; }

    private protected override void Work(ConfigFiles files)
    {
        var section = WildcardPattern.Get(Section, WildcardOptions.IgnoreCase);
        var option = WildcardPattern.Get(Option, WildcardOptions.IgnoreCase);
        var settings = Effective || IncludeDefault ? files.Effective(Release, ShowSecret, IncludeDefault) : files.Written(Release, ShowSecret);
        foreach (var setting in settings.Where(s => section.IsMatch(s.Section) && option.IsMatch(s.Option)))
        {
            Cancel.ThrowIfCancellationRequested();
            Emit(setting);
        }

        foreach (var fault in files.Faults())
            Complain(fault);
    }
}
