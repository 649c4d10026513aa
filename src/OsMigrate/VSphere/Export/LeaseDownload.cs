using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Export;

/// <summary>A disk of a lease on its way: summed up while it comes, compared with the host's manifest at the end.</summary>
/// <param name="name">For errors.</param>
/// <param name="kind">What the host sums it up with.</param>
/// <param name="target">Where it goes; owned.</param>
internal sealed class LeaseDownload(string name, LeaseSum kind, ILeaseTarget target) : IDisposable
{
    private IncrementalHash _sum = kind.Begin();

    /// <summary>Bytes of the stream so far.</summary>
    public long Length { get; private set; }

    public ILeaseTarget Target => target;

    /// <summary>Checksum of the stream: "sha256 0123..."; known after <see cref="Complete"/>.</summary>
    public string Sum { get; private set; } = "";

    /// <summary>True when the host's own sum agreed; false when it gave none.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>What came so far is void.</summary>
    public void Begin()
    {
        target.Begin();
        _sum.Dispose();
        (_sum, Length) = (kind.Begin(), 0);
    }

    public void Take(byte[] buffer, int count)
    {
        _sum.AppendData(buffer, 0, count);
        target.Take(buffer, count);
        Length += count;
    }

    /// <summary>Compares with what the host says it sent, and gives the file its name.</summary>
    /// <param name="sent">Null when the host gives no sums.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereChecksum"/>.</exception>
    public void Complete(LeaseManifestEntry? sent)
    {
        var found = Hex.Lower(_sum.GetHashAndReset());
        Sum = $"{kind.Name} {found}";
        if (sent is not null)
            Compare(sent, found);
        target.Complete();
    }

    public void Dispose()
    {
        target.Dispose();
        _sum.Dispose();
    }

    private void Compare(LeaseManifestEntry sent, string found)
    {
        if (sent.SizeBytes is > 0 && sent.SizeBytes != Length)
            throw Differs($"{Length} bytes arrived, the host sent {sent.SizeBytes}");
        if (kind.In(sent) is not { } expected)
            return;
        if (expected != found)
            throw Differs($"its {kind.Name} is {found}, the host says {expected}");
        IsVerified = true;
    }

    private OsMigrateException Differs(string how) => new(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"{name} did not arrive as it was sent: {how}.", name);
}
