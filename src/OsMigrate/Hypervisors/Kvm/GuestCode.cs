using System.Buffers.Binary;

namespace OsMigrate.Hypervisors.Kvm;

/// <summary>The guest that is tried: its memory, its code, and the registers it begins with. kvm_probe.py has the same in Python.</summary>
/// <remarks>
/// Layouts: struct kvm_sregs, kvm_segment and kvm_regs of Linux, arch/x86/include/uapi/asm/kvm.h. Page tables, control registers and code
/// segments: Intel SDM volume 3, sections 4.5, 2.5 and 3.4.5; the values are those of a 64-bit kernel in its first instructions.
/// </remarks>
internal static class GuestCode
{
    public const int MemorySize = 0x10000;
    public const int Load = 0x1000;
    public const ushort Port = 0x3F8;
    public const byte Expected = 42;
    public const int Steps = 100_000;
    public const int SregsSize = 312;
    public const int RegsSize = 144;
    private const int SegmentSize = 24;
    private const int ControlRegisters = 224;
    private const ulong Flat = 0xFFFFFFFF;

    // mov eax, ecx; mul ebx; mov dx, 0x3f8; out dx, al; hlt. With ECX = 6 and EBX = 7 the port gets 42. In real mode the same bytes mean AX, CX, BX.
    private static ReadOnlySpan<byte> Multiply => [0x89, 0xC8, 0xF7, 0xE3];

    private static ReadOnlySpan<byte> TellReal => [0xBA, 0xF8, 0x03, 0xEE, 0xF4];

    private static ReadOnlySpan<byte> TellLong => [0x66, 0xBA, 0xF8, 0x03, 0xEE, 0xF4];

    /// <summary>Memory with real mode code.</summary>
    public static byte[] RealMode()
    {
        var memory = new byte[MemorySize];
        Multiply.CopyTo(memory.AsSpan(Load));
        TellReal.CopyTo(memory.AsSpan(Load + Multiply.Length));
        return memory;
    }

    /// <summary>Memory with page tables that map the first 2 MiB onto themselves, and 64-bit code that counts down first.</summary>
    public static byte[] LongMode()
    {
        var memory = new byte[MemorySize];
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(0x2000), 0x3007);
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(0x3000), 0x4007);
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(0x4000), 0x87);
        var at = memory.AsSpan(Load);
        // mov edi, STEPS; again: dec edi; jnz again
        at[0] = 0xBF;
        BinaryPrimitives.WriteInt32LittleEndian(at[1..], Steps);
        new byte[] { 0xFF, 0xCF, 0x75, 0xFC }.CopyTo(at[5..]);
        Multiply.CopyTo(at[9..]);
        TellLong.CopyTo(at[(9 + Multiply.Length)..]);
        return memory;
    }

    /// <summary>Real mode at segment 0.</summary>
    public static void SetRealMode(Span<byte> sregs)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(sregs, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(sregs[12..], 0);
    }

    /// <summary>64-bit mode with the page tables of <see cref="LongMode"/>.</summary>
    public static void SetLongMode(Span<byte> sregs)
    {
        SetSegment(sregs, 0, 8, 11, 0, 1);
        for (var i = 1; i < 6; i++)
            SetSegment(sregs, i, 16, 3, 1, 0);
        // cr0 PE MP ET NE WP AM PG, cr2, cr3, cr4 PAE, cr8, efer LME LMA
        ulong[] registers = [0x80050033, 0, 0x2000, 0x20, 0, 0x500];
        for (var i = 0; i < registers.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(sregs[(ControlRegisters + i * 8)..], registers[i]);
    }

    /// <summary>rax rbx rcx rdx rsi rdi rsp rbp r8..r15 rip rflags.</summary>
    public static byte[] Registers()
    {
        var regs = new byte[RegsSize];
        BinaryPrimitives.WriteUInt64LittleEndian(regs.AsSpan(8), 7);
        BinaryPrimitives.WriteUInt64LittleEndian(regs.AsSpan(16), 6);
        BinaryPrimitives.WriteUInt64LittleEndian(regs.AsSpan(128), Load);
        BinaryPrimitives.WriteUInt64LittleEndian(regs.AsSpan(136), 2);
        return regs;
    }

    /// <summary>A flat, present segment of ring 0.</summary>
    private static void SetSegment(Span<byte> sregs, int index, ushort selector, byte type, byte db, byte l)
    {
        var segment = sregs.Slice(index * SegmentSize, SegmentSize);
        segment.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(segment[8..], (uint)Flat);
        BinaryPrimitives.WriteUInt16LittleEndian(segment[12..], selector);
        // type, present, dpl, db, s, l, g
        new byte[] { type, 1, 0, db, 1, l, 1 }.CopyTo(segment[14..]);
    }
}
