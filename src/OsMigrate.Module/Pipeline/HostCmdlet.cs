using System.Management.Automation;
using OsMigrate.Hypervisors;
using OsMigrate.Hypervisors.Collection;
using OsMigrate.Module.Parameters;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that looks at hosts: this machine, others over SSH, or copies of their files.</summary>
public abstract class HostCmdlet : SshCmdlet
{
    protected const string ByComputer = "ComputerName";
    protected const string ByRootPath = "RootPath";
    private const int SideBySideHosts = 8;

    /// <summary>Left out, "." or localhost: this machine, without SSH.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByComputer)]
    [Alias("HostName", "Name")]
    [ValidateNotNullOrEmpty]
    public string[] ComputerName { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ByRootPath)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] RootPath { get; set; } = [];

    /// <summary>True when a virtual machine of a few instructions is to be run, too.</summary>
    private protected virtual bool TriesGuest => false;

    /// <summary>From the work: what is made of a host's facts.</summary>
    private protected abstract object Conclude(HostFacts facts);

    protected override void TakeRecord()
    {
        if (ParameterSetName == ByRootPath)
        {
            foreach (var folder in RootPath.SelectMany(given => Attempt(given, () => FilePaths.Expand(SessionState, given, folders: true), [])))
                Run(folder, () => Emit(Conclude(HostReading.Folder(folder))));
            return;
        }

        Run(ComputerName.FirstOrDefault(), () => SideBySide(ComputerName.Length > 0 ? ComputerName : ["."], SideBySideHosts, static name => name, Look));
    }

    private void Look(string computer)
    {
        ReportProgress("Looking at hosts", computer);
        var facts = computer is "." || string.Equals(computer, "localhost", StringComparison.OrdinalIgnoreCase)
            ? HostReading.Local(TriesGuest, Cancel)
            : OnHost(computer, session => HostReading.Remote(session, TriesGuest, Cancel));
        Emit(Conclude(facts));
    }
}
