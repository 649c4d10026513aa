using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OsMigrate.Hypervisors.Kvm;

/// <summary>One virtual machine with 64 KiB of memory and one processor, made by /dev/kvm for a moment. Source: Linux, Documentation/virt/kvm/api.rst.</summary>
internal sealed class KvmGuest : IDisposable
{
    private const int ExitIo = 2;
    private const int ExitHlt = 5;
    private const int MostExits = 16;
    private const int ImmediateExitAt = 1;
    private const int ReasonAt = 8;
    private const int DetailAt = 32;

    /// <summary>Three pages below 4 GiB that Intel's processors without "unrestricted guest" need.</summary>
    private const long TssAddress = 0xFFFBD000;

    private readonly object _gate = new();
    private readonly int _vm;
    private readonly IntPtr _memory;
    private int _vcpu = -1;
    private IntPtr _shared;
    private int _sharedSize;

    /// <param name="kvm">/dev/kvm, opened.</param>
    /// <param name="memory">What the guest's memory begins with.</param>
    /// <exception cref="KvmException">The kernel refused.</exception>
    public KvmGuest(int kvm, byte[] memory)
    {
        _vm = Call(kvm, LinuxCalls.CreateVm, IntPtr.Zero, "KVM_CREATE_VM");
        _memory = LinuxCalls.Map(IntPtr.Zero, (UIntPtr)memory.Length, LinuxCalls.ReadWrite, LinuxCalls.PrivateAnonymous, -1, IntPtr.Zero);
        try
        {
            if (_memory == LinuxCalls.Failed)
                throw new KvmException("memory for the guest: " + LinuxCalls.LastError());
            Marshal.Copy(memory, 0, _memory, memory.Length);
            // Others than Intel's do not know the call.
            _ = LinuxCalls.Ioctl(_vm, (UIntPtr)LinuxCalls.SetTssAddress, new IntPtr(TssAddress));
            var region = new byte[32];
            BinaryPrimitives.WriteInt64LittleEndian(region.AsSpan(16), memory.Length);
            BinaryPrimitives.WriteInt64LittleEndian(region.AsSpan(24), _memory.ToInt64());
            Call(_vm, LinuxCalls.SetUserMemoryRegion, region, "KVM_SET_USER_MEMORY_REGION");
            AddProcessor(kvm);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs it until it halts.</summary>
    /// <param name="set">Sets the mode in the special registers.</param>
    /// <returns>What it wrote to the port, and how long it took.</returns>
    /// <exception cref="KvmException">It did not halt in order.</exception>
    public (byte? Written, TimeSpan Time) Run(SpanAction set)
    {
        var sregs = new byte[GuestCode.SregsSize];
        Call(_vcpu, LinuxCalls.GetSregs, sregs, "KVM_GET_SREGS");
        set(sregs);
        Call(_vcpu, LinuxCalls.SetSregs, sregs, "KVM_SET_SREGS");
        Call(_vcpu, LinuxCalls.SetRegs, GuestCode.Registers(), "KVM_SET_REGS");
        byte? written = null;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < MostExits; i++)
        {
            Call(_vcpu, LinuxCalls.RunVcpu, IntPtr.Zero, "KVM_RUN");
            var reason = Marshal.ReadInt32(_shared, ReasonAt);
            if (reason == ExitHlt)
                return (written, clock.Elapsed);
            if (reason != ExitIo)
                throw new KvmException(Unexpected(reason));
            written = Port() ?? written;
        }

        throw new KvmException("KVM_RUN: the guest did not halt");
    }

    /// <summary>From another thread: the next KVM_RUN returns at once.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_shared != IntPtr.Zero)
                Marshal.WriteByte(_shared, ImmediateExitAt, 1);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_shared != IntPtr.Zero)
                _ = LinuxCalls.Unmap(_shared, (UIntPtr)_sharedSize);
            _shared = IntPtr.Zero;
        }

        if (_vcpu >= 0)
            _ = LinuxCalls.Close(_vcpu);
        _ = LinuxCalls.Close(_vm);
        if (_memory != LinuxCalls.Failed)
            _ = LinuxCalls.Unmap(_memory, (UIntPtr)GuestCode.MemorySize);
    }

    private void AddProcessor(int kvm)
    {
        _vcpu = Call(_vm, LinuxCalls.CreateVcpu, IntPtr.Zero, "KVM_CREATE_VCPU");
        _sharedSize = Call(kvm, LinuxCalls.GetVcpuMmapSize, IntPtr.Zero, "KVM_GET_VCPU_MMAP_SIZE");
        var shared = LinuxCalls.Map(IntPtr.Zero, (UIntPtr)_sharedSize, LinuxCalls.ReadWrite, LinuxCalls.Shared, _vcpu, IntPtr.Zero);
        _shared = shared == LinuxCalls.Failed ? throw new KvmException("the processor's memory: " + LinuxCalls.LastError()) : shared;
    }

    /// <summary>The byte written, when it was one byte to our port: struct kvm_run, member io (direction, size, port, count, data_offset).</summary>
    private byte? Port()
        => Marshal.ReadByte(_shared, DetailAt) == 1 && Marshal.ReadByte(_shared, DetailAt + 1) == 1 && (ushort)Marshal.ReadInt16(_shared, DetailAt + 2) == GuestCode.Port
            && Marshal.ReadInt64(_shared, DetailAt + 8) is >= 0 and var offset && offset < _sharedSize
            ? Marshal.ReadByte(_shared, (int)offset) : null;

    private string Unexpected(int reason) => reason switch
    {
        6 => "KVM_RUN: the guest reached for memory that it has not (exit 6)",
        8 => "KVM_RUN: the guest's processor shut down (exit 8)",
        9 => $"KVM_RUN: the processor refused to enter the guest (exit 9, reason 0x{Marshal.ReadInt64(_shared, DetailAt):x})",
        17 => $"KVM_RUN: internal error of KVM (exit 17, suberror {Marshal.ReadInt32(_shared, DetailAt)})",
        _ => $"KVM_RUN: exit {reason}, which was not expected",
    };

    private static int Call(int file, uint request, IntPtr argument, string name)
        => LinuxCalls.Ioctl(file, (UIntPtr)request, argument) is >= 0 and var result ? result : throw new KvmException($"{name}: {LinuxCalls.LastError()}");

    private static void Call(int file, uint request, byte[] argument, string name)
    {
        if (LinuxCalls.Ioctl(file, (UIntPtr)request, argument) < 0)
            throw new KvmException($"{name}: {LinuxCalls.LastError()}");
    }
}

/// <summary>Changes bytes in place.</summary>
internal delegate void SpanAction(Span<byte> bytes);

/// <summary>/dev/kvm refused something; the message names the call and the error.</summary>
internal sealed class KvmException(string message) : Exception(message);
