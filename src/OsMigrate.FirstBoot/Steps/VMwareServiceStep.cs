namespace OsMigrate.FirstBoot.Steps;

/// <summary>Stops and disables what the uninstaller of VMware Tools left.</summary>
/// <remarks>pvscsi is not in the list, since a guest may still boot from it; nor is WmiApSrv, which is a part of Windows.</remarks>
public sealed class VMwareServiceStep : IStep
{
    private const int LimitSeconds = 60;

    private static readonly string[] Names =
    [
        "VMTools", "VGAuthService", "VM3DService", "vmvss", "GISvc", "vmhgfs", "vmmemctl", "vmrawdsk", "vnetWFP", "vnetflt", "vsepflt", "vmci", "vmxnet3", "vmxnet3ndis6",
        "vmusbmouse", "vmmouse", "vm3dmp", "vm3dmp-debug", "vm3dmp-stats", "vm3dmp_loader", "vsock", "efifw", "vmwefifw", "svga_wddm", "vmaudio", "cblauncher",
    ];

    public string Title => "services of VMware Tools";

    public int MaxAttempts => 3;

    public int PauseSeconds => 10;

    public StepOutcome Run(StepContext context)
    {
        var disabled = "";
        foreach (var name in Names)
        {
            if (!context.Registry.ServiceExists(name))
                continue;
            // Disabled first: what does not stop now is not started again.
            context.Registry.DisableService(name);
            context.RunTool("sc.exe", "stop " + name, LimitSeconds);
            disabled += " " + name;
        }

        return StepOutcome.Done(disabled.Length == 0 ? "none is left" : "disabled:" + disabled);
    }
}
