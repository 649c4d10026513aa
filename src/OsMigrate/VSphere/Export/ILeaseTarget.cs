namespace OsMigrate.VSphere.Export;

/// <summary>Where the stream of a disk goes: nothing is left of it unless it is completed.</summary>
internal interface ILeaseTarget : IDisposable
{
    /// <summary>How far on the disk the stream is, in bytes; null when the stream is not looked into.</summary>
    long? Passed { get; }

    /// <summary>What came so far is void.</summary>
    void Begin();

    void Take(byte[] buffer, int count);

    /// <summary>The stream is over.</summary>
    void End();

    /// <summary>It is what the host sent: gives the file its name.</summary>
    void Complete();
}
