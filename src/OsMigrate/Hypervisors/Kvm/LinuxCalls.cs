using System.Runtime.InteropServices;

namespace OsMigrate.Hypervisors.Kvm;

/// <summary>Calls of the C library that /dev/kvm is driven with. Numbers are those of x86-64 Linux: include/uapi/linux/kvm.h, asm/unistd_64.h.</summary>
internal static class LinuxCalls
{
    public const uint GetApiVersion = 0xAE00;
    public const uint CreateVm = 0xAE01;
    public const uint GetVcpuMmapSize = 0xAE04;
    public const uint CreateVcpu = 0xAE41;
    public const uint SetTssAddress = 0xAE47;
    public const uint RunVcpu = 0xAE80;
    public const uint SetUserMemoryRegion = 0x4020AE46;
    public const uint SetRegs = 0x4090AE82;
    public const uint GetSregs = 0x8138AE83;
    public const uint SetSregs = 0x4138AE84;
    public const int ReadWriteCloseOnExec = 0x2 | 0x80000;
    public const int ReadWrite = 3;
    public const int Shared = 1;
    public const int PrivateAnonymous = 0x22;
    public const long GetThreadId = 186;
    public const long SignalThread = 234;
    public static readonly IntPtr Failed = new(-1);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Open([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Close(int file);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Ioctl(int file, UIntPtr request, IntPtr argument);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Ioctl(int file, UIntPtr request, byte[] argument);

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern IntPtr Map(IntPtr address, UIntPtr length, int protection, int flags, int file, IntPtr offset);

    [DllImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Unmap(IntPtr address, UIntPtr length);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern IntPtr System(IntPtr number, IntPtr first, IntPtr second, IntPtr third);

    /// <summary>The signal by which .NET itself interrupts its threads: a thread that is in a system call only returns from it.</summary>
    [DllImport("libc", EntryPoint = "__libc_current_sigrtmin")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int InterruptSignal();

    /// <summary>The last error's name, for those that /dev/kvm gives; else its number.</summary>
    public static string LastError() => Marshal.GetLastWin32Error() switch
    {
        1 => "EPERM", 2 => "ENOENT", 4 => "EINTR", 5 => "EIO", 6 => "ENXIO", 7 => "E2BIG", 11 => "EAGAIN", 12 => "ENOMEM", 13 => "EACCES", 14 => "EFAULT",
        16 => "EBUSY", 17 => "EEXIST", 19 => "ENODEV", 22 => "EINVAL", 24 => "EMFILE", 25 => "ENOTTY", 95 => "EOPNOTSUPP",
        var other => $"error {other}",
    };
}
