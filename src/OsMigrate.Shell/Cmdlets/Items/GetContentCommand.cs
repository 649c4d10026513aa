using System.Management.Automation;
using System.Text;

namespace OsMigrate.Shell.Cmdlets.Items;

[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : PathsCmdlet
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [Alias("First", "Head")]
    public long TotalCount { get; set; } = long.MaxValue;

    [Parameter]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    [Parameter]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Existing())
        {
            var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            Try(path, () =>
            {
                if (provider.Name == "FileSystem")
                    Read(file);
                else
                    ReadFrom(path);
            });
        }
    }

    private void Read(string file)
    {
        if (Directory.Exists(file))
            throw new UnauthorizedAccessException($"'{file}' is a folder.");
        if (AsByteStream && Raw)
            WriteObject(File.ReadAllBytes(file));
        else if (AsByteStream)
            WriteObject(Tail >= 0 ? File.ReadAllBytes(file).TakeLast(Tail) : File.ReadAllBytes(file), enumerateCollection: true);
        else if (Raw)
            WriteObject(File.ReadAllText(file, Encoding));
        else if (Tail >= 0)
            WriteObject(File.ReadLines(file, Encoding).TakeLast(Tail), enumerateCollection: true);
        else
            ReadLines(file);
    }

    private void ReadLines(string file)
    {
        long number = 0;
        foreach (var line in File.ReadLines(file, Encoding))
        {
            if (number++ >= TotalCount)
                return;
            var shown = new PSObject(line);
            shown.Properties.Add(new PSNoteProperty("PSPath", file));
            shown.Properties.Add(new PSNoteProperty("ReadCount", number));
            WriteObject(shown);
        }
    }

    /// <summary>Variables, functions and the environment have content, too.</summary>
    private void ReadFrom(string path)
    {
        foreach (var reader in InvokeProvider.Content.GetReader(path))
        {
            using (reader)
                WriteObject(reader.Read(0), enumerateCollection: true);
        }
    }
}
