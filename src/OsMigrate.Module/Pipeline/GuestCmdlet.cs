using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Guests;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Module.Parameters;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that moves machines and can change their guests on the way: what the user can wish for a Windows guest.</summary>
public abstract class GuestCmdlet : PathCmdlet, IFirstBootParameters
{
    private string? _medium;
    private FirstBootOptions? _firstBoot;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? VirtioDriver { get; set; }

    [Parameter]
    public InjectionWay InjectionWay { get; set; }

    [Parameter]
    public SwitchParameter SkipDriverInjection { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? GuestAgentMsi { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[]? FirstBootScript { get; set; }

    [Parameter]
    public SwitchParameter KeepVMwareTools { get; set; }

    [Parameter]
    public SwitchParameter SkipStaticAddress { get; set; }

    [Parameter]
    public SwitchParameter SkipDataDisk { get; set; }

    [Parameter]
    public SwitchParameter SkipFirstBoot { get; set; }

    private protected DriverWish Drivers => new() { MediumPath = _medium, Way = InjectionWay, FirstBoot = _firstBoot, Skip = SkipDriverInjection };

    /// <summary>True with -WhatIf: then every change inside a guest is listed.</summary>
    private protected bool IsWhatIf { get; private set; }

    protected override void CheckParameters()
    {
        IsWhatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? LanguagePrimitives.IsTrue(given) : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        if (VirtioDriver is not null && SkipDriverInjection)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-VirtioDriver and -SkipDriverInjection exclude each other.");
        if (VirtioDriver is null && MyInvocation.BoundParameters.ContainsKey(nameof(InjectionWay)))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-InjectionWay has no meaning without -VirtioDriver.");
        if (VirtioDriver is null && FirstBootWish.Names.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } other)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"-{other} has no meaning without -VirtioDriver.");
        _firstBoot = FirstBootWish.Read(SessionState, this);
        if (VirtioDriver is not null)
            _medium = FilePaths.Existing(SessionState, VirtioDriver, folders: true);
    }
}
