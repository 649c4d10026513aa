using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Output;

/// <summary>A machine that was moved to a cloud: the server, everything that was made, and the proofs.</summary>
public sealed class MigratedServer
{
    private readonly CloudJobResult _result;

    internal MigratedServer(CloudJobResult result) => _result = result;

    /// <summary>Name of the server.</summary>
    public string Name => Server.Name;

    /// <summary>Id of the server.</summary>
    public string Id => Server.Id;

    public string Status => Server.Status;

    public string JobId => _result.Plan.JobId;

    public string Source => _result.Plan.SourcePath;

    public string Flavor => _result.Plan.FlavorName;

    /// <summary>Addresses of the server.</summary>
    public IReadOnlyList<string> Addresses => Server.Addresses.Select(a => a.Address).ToList();

    /// <summary>How each disk got there, with its checksums.</summary>
    public IReadOnlyList<MovedDisk> Disks => _result.Disks;

    /// <summary>Everything that was made and is still there.</summary>
    public IReadOnlyList<MadeThing> Made => _result.Made;

    /// <summary>What went over the wire for the disks.</summary>
    public long SentBytes => _result.Disks.Sum(d => d.SentBytes);

    public string Sent => ByteSize.Text(SentBytes);

    public TimeSpan Duration => _result.Duration;

    /// <summary>The end of the console, when a text was waited for.</summary>
    public string? Console => _result.Console;

    public IReadOnlyList<string> Warnings => [.. _result.Plan.Warnings, .. Guest?.Warnings ?? []];

    /// <summary>What was changed in the guest on the way: drivers, files, registry. Null when it stayed as it was.</summary>
    public Migrations.Preparation.PreparedGuest? Guest => _result.Guest;

    /// <summary>The server as Nova has it.</summary>
    public Server Server => _result.Server;
}
