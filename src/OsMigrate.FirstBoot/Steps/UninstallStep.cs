using System;
using System.IO;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Removes a product of Windows Installer: VMware Tools.</summary>
public sealed class UninstallStep : IStep
{
    private readonly string _product;

    /// <param name="product">The product code. Only its GUID reaches the command line, never a text of the guest's registry.</param>
    /// <exception cref="ArgumentException">It is not a GUID.</exception>
    public UninstallStep(string product)
    {
        try
        {
            _product = new Guid(product).ToString("B").ToUpperInvariant();
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ArgumentException("'" + Texts.OneLine(product) + "' is no product code", nameof(product), e);
        }
    }

    public string Title => "uninstall VMware Tools " + _product;

    public int MaxAttempts => 3;

    public int PauseSeconds => 60;

    public StepOutcome Run(StepContext context)
    {
        var log = Path.Combine(context.Folder, "msi-uninstall.log");
        return Msi.Outcome(context.RunTool("msiexec.exe", "/x " + _product + " /qn /norestart REBOOT=ReallySuppress /l*v " + Texts.Quoted(log), Msi.LimitSeconds), "uninstalled");
    }
}
