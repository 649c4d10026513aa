using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.OpenStack.Configuration;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that works on OpenStack's configuration files: files, folders, hosts behind SSH, or this machine's /etc when nothing is named.</summary>
public abstract class ConfigCmdlet : SshCmdlet
{
    protected const string ByPath = "Path";
    protected const string ByLiteralPath = "LiteralPath";
    protected const string ByComputer = "ComputerName";
    private const string OwnFolder = "/etc";

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] Path { get; set; } = [OwnFolder];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByComputer)]
    [Alias("HostName")]
    [ValidateNotNullOrEmpty]
    public string[] ComputerName { get; set; } = [];

    /// <summary>On the remote host.</summary>
    [Parameter(ParameterSetName = ByComputer)]
    [ValidateNotNullOrEmpty]
    public string RemotePath { get; set; } = OwnFolder;

    [Parameter]
    public ServiceName? Service { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReleaseCompleter))]
    public string? Release { get; set; }

    /// <summary>In the background: works on the files of one place. A host's session is open for so long.</summary>
    private protected abstract void Work(ConfigFiles files);

    protected override void TakeRecord()
    {
        foreach (var computer in ParameterSetName == ByComputer ? ComputerName : [])
            Run(computer, () => OnHost(computer, session => Done(ConfigFiles.Remote(session, computer, RemotePath, Service, e => Warn(e.Message), Cancel))));
        var literal = ParameterSetName == ByLiteralPath;
        foreach (var given in ParameterSetName == ByComputer ? [] : literal ? LiteralPath : Path)
        {
            foreach (var path in Attempt(given, () => literal ? [FilePaths.Existing(SessionState, given, folders: true)] : FilePaths.Expand(SessionState, given, folders: true), []))
                Run(path, () => Done(ConfigFiles.Local(path, Service, e => Warn(e.Message), Cancel)));
        }
    }

    private bool Done(ConfigFiles files)
    {
        Work(files);
        return true;
    }
}
