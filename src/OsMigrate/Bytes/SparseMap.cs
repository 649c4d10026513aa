using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OsMigrate.Bytes;

/// <summary>Asks the operating system which parts of a file are holes. Where it cannot tell, everything is data.</summary>
/// <remarks>Linux and macOS: lseek(2) SEEK_DATA/SEEK_HOLE. Windows: FSCTL_QUERY_ALLOCATED_RANGES.</remarks>
internal sealed class SparseMap(SafeFileHandle handle)
{
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
    private static readonly bool OnMac = RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    private readonly object _seek = new();
    private bool _unknown;

    public Extent Next(long offset, long length)
    {
        if (!_unknown && offset < length)
        {
            try
            {
                lock (_seek)
                    return OnWindows ? NextWindows(offset, length) : NextUnix(offset, length);
            }
            catch (Exception e) when (e is IOException or EntryPointNotFoundException or DllNotFoundException)
            {
                _unknown = true;
            }
        }

        return new Extent(offset, length - offset, ExtentKind.Data);
    }

    private Extent NextUnix(long offset, long length)
    {
        const int seekDataLinux = 3, seekHoleLinux = 4, seekHoleMac = 3, seekDataMac = 4, noSuchAddress = 6;
        var data = Lseek(handle, offset, OnMac ? seekDataMac : seekDataLinux);
        if (data < 0)
        {
            if (Marshal.GetLastWin32Error() != noSuchAddress)
                throw new IOException("SEEK_DATA is not supported here");
            return new Extent(offset, length - offset, ExtentKind.Zero);
        }

        if (data > offset)
            return new Extent(offset, Math.Min(data, length) - offset, ExtentKind.Zero);
        var hole = Lseek(handle, offset, OnMac ? seekHoleMac : seekHoleLinux);
        if (hole <= offset)
            throw new IOException("SEEK_HOLE is not supported here");
        return new Extent(offset, Math.Min(hole, length) - offset, ExtentKind.Data);
    }

    private Extent NextWindows(long offset, long length)
    {
        const uint queryAllocatedRanges = 0x000940CF, moreData = 234;
        var query = new AllocatedRange { FileOffset = offset, Length = length - offset };
        var ok = DeviceIoControl(handle, queryAllocatedRanges, ref query, 16, out var found, 16, out var returned, IntPtr.Zero);
        if (!ok && Marshal.GetLastWin32Error() != moreData)
            throw new IOException("FSCTL_QUERY_ALLOCATED_RANGES failed");
        if (returned < 16 || found.FileOffset >= length)
            return new Extent(offset, length - offset, ExtentKind.Zero);
        return found.FileOffset > offset
            ? new Extent(offset, found.FileOffset - offset, ExtentKind.Zero)
            : new Extent(offset, Math.Min(found.FileOffset + found.Length, length) - offset, ExtentKind.Data);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AllocatedRange
    {
        public long FileOffset;
        public long Length;
    }

    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static extern long Lseek(SafeFileHandle file, long offset, int whence);

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeviceIoControl(
        SafeFileHandle file, uint code, ref AllocatedRange input, int inputSize, out AllocatedRange output, int outputSize, out int returned, IntPtr overlapped);
}
