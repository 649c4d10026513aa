using System.Management.Automation;
using OsMigrate.Hypervisors;
using OsMigrate.Migrations.Hosts;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Hosts;

/// <summary>Tells whether hosts run virtual machines with KVM, and why not.</summary>
[Cmdlet(VerbsDiagnostic.Test, "KvmSupport", DefaultParameterSetName = ByComputer)]
[OutputType(typeof(KvmSupport))]
public sealed class TestKvmSupportCommand : HostCmdlet
{
    private const string ByCloud = "Cloud";

    [Parameter(Mandatory = true, ParameterSetName = ByCloud)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CloudCompleter))]
    public string? Cloud { get; set; }

    [Parameter(ParameterSetName = ByComputer)]
    public SwitchParameter SkipGuest { get; set; }

    private protected override bool TriesGuest => !SkipGuest;

    protected override void TakeRecord()
    {
        if (ParameterSetName != ByCloud)
        {
            base.TakeRecord();
            return;
        }

        var folder = CloudSessions.Folder(SessionState);
        Run(Cloud, () => CloudSessions.Use(Cloud, folder, Warn, Tell, session =>
        {
            foreach (var host in CloudHosts.All(session, Cancel))
                Emit(CloudSessions.Marked(session, host));
        }));
    }

    private protected override object Conclude(HostFacts facts) => KvmAssessment.Of(facts);
}
