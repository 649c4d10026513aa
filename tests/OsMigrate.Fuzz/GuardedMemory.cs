using System.Runtime.InteropServices;

namespace OsMigrate.Fuzz;

/// <summary>Memory that ends at a page nobody may touch: one byte read or written beyond it kills the process, and the run reports it.</summary>
/// <remarks>Linux (mmap(2), mprotect(2)); elsewhere plain memory.</remarks>
internal sealed unsafe class GuardedMemory
{
    private const int PageSize = 65536;
    private readonly byte* _end;

    public GuardedMemory(int size)
    {
        Size = (size + PageSize - 1) / PageSize * PageSize;
        if (!OperatingSystem.IsLinux())
        {
            _end = (byte*)NativeMemory.AllocZeroed((nuint)Size) + Size;
            return;
        }

        const int readWrite = 3, privateAnonymous = 0x22;
        var start = Mmap(0, (nuint)(Size + PageSize), readWrite, privateAnonymous, -1, 0);
        if (start == -1 || Mprotect(start + Size, PageSize, 0) != 0)
            throw new InvalidOperationException("no guarded memory");
        _end = (byte*)start + Size;
    }

    public int Size { get; }

    /// <summary>The last bytes before the guard.</summary>
    public Span<byte> AtEnd(int length) => new(_end - length, length);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Mprotect(nint address, nuint length, int protection);
}
