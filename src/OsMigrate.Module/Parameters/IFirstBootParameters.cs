using System.Management.Automation;

namespace OsMigrate.Module.Parameters;

/// <summary>What the user can wish for a guest's first start: the same on every cmdlet that prepares guests.</summary>
internal interface IFirstBootParameters
{
    string? GuestAgentMsi { get; }

    string[]? FirstBootScript { get; }

    SwitchParameter KeepVMwareTools { get; }

    SwitchParameter SkipStaticAddress { get; }

    SwitchParameter SkipDataDisk { get; }

    SwitchParameter SkipFirstBoot { get; }
}
