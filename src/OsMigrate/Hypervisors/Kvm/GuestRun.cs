namespace OsMigrate.Hypervisors.Kvm;

/// <summary>What came of trying /dev/kvm: a virtual machine made, a few instructions run in it, the result looked at.</summary>
public sealed record GuestRun
{
    /// <summary>Slower than this and the processor did not run the loop itself: a native step takes about one nanosecond, an interpreted one a thousand.</summary>
    public const double InterpretedFrom = 200;

    /// <summary>Null when /dev/kvm could be opened, else why not: ENOENT, EACCES, EBUSY ...</summary>
    public string? OpenError { get; init; }

    /// <summary>KVM_GET_API_VERSION; 12 since Linux 2.6.22.</summary>
    public int? ApiVersion { get; init; }

    /// <summary>A virtual machine was made.</summary>
    public bool MadeMachine { get; init; }

    /// <summary>Real mode code ran and computed what it should, as a BIOS does first.</summary>
    public bool RanRealMode { get; init; }

    /// <summary>64-bit code with paging ran and computed what it should, as every present system does.</summary>
    public bool RanLongMode { get; init; }

    /// <summary>Nanoseconds for one round of a loop of two instructions in the guest, the best of three; null when it did not get that far.</summary>
    public double? NanosecondsPerStep { get; init; }

    /// <summary>What failed, and how: "KVM_CREATE_VM: EBUSY"; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>Guests run, but instruction by instruction in the kernel's interpreter.</summary>
    public bool IsInterpreted => NanosecondsPerStep >= InterpretedFrom;

    /// <summary>Guests run on the processor itself.</summary>
    public bool IsNative => RanLongMode && !IsInterpreted;
}
