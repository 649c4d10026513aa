using System.Management.Automation;
using System.Security.Cryptography;

namespace OsMigrate.Shell.Cmdlets.Items;

/// <summary>A file's checksum.</summary>
public sealed record FileHashInfo(string Algorithm, string Hash, string Path);

[Cmdlet(VerbsCommon.Get, "FileHash", DefaultParameterSetName = "Path")]
[OutputType(typeof(FileHashInfo))]
public sealed class GetFileHashCommand : PathsCmdlet
{
    private readonly CancellationTokenSource _stop = new();

    [Parameter(Position = 1)]
    [ValidateSet("SHA1", "SHA256", "SHA384", "SHA512", "MD5")]
    public string Algorithm { get; set; } = "SHA256";

    protected override void ProcessRecord()
    {
        foreach (var file in Given.SelectMany(path => ItemPaths.ResolveFiles(this, path, IsLiteral)).Where(File.Exists))
            Try(file, () => WriteObject(new FileHashInfo(Algorithm.ToUpperInvariant(), Sum(file), file)));
    }

    protected override void StopProcessing() => _stop.Cancel();

    private string Sum(string file)
    {
        using var hash = IncrementalHash.CreateHash(new HashAlgorithmName(Algorithm.ToUpperInvariant()));
        using var stream = File.OpenRead(file);
        var buffer = new byte[1 << 20];
        for (var read = stream.Read(buffer); read > 0 && !_stop.IsCancellationRequested; read = stream.Read(buffer))
            hash.AppendData(buffer, 0, read);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
