using System.Runtime.InteropServices;

namespace OsMigrate.Bytes;

/// <summary>Rights and owners of files on Unix, and putting a file into another's place in one step with what the other had.</summary>
internal static class FileRights
{
    private const int CurrentFolder = -100;
    private const uint WantOwner = 0x0008 | 0x0010;

    /// <summary>Permission bits; null on Windows and in Windows PowerShell.</summary>
    public static int? ModeOf(string path)
    {
#if NETSTANDARD2_0
        return null;
#else
        return OperatingSystem.IsWindows() ? null : (int)File.GetUnixFileMode(path);
#endif
    }

    /// <summary>Starts a new file that only its owner may read: what goes into it may be secret. An old one of the name is removed.</summary>
    public static FileStream CreatePrivate(string path)
    {
        File.Delete(path);
#if NETSTANDARD2_0
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
#else
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
#endif
    }

    /// <summary>Gives a file the owner, the group and the permissions of another.</summary>
    /// <exception cref="IOException">The owner cannot be kept: that takes root's rights.</exception>
    public static void Copy(string from, string to)
    {
#if !NETSTANDARD2_0
        if (OperatingSystem.IsWindows())
            return;
        if (OwnerOf(from) is { } owner && OwnerOf(to) is { } own && owner != own && Chown(CText(to), owner.User, owner.Group) != 0)
            throw new IOException("its owner or group cannot be kept by this user.");
        File.SetUnixFileMode(to, File.GetUnixFileMode(from));
#endif
    }

    /// <summary>Gives a finished file its final name, over the old file.</summary>
    public static void Replace(string fresh, string target)
    {
#if NETSTANDARD2_0
        File.Replace(fresh, target, null);
#else
        if (OperatingSystem.IsWindows())
            File.Replace(fresh, target, null);
        else
            File.Move(fresh, target, overwrite: true);
#endif
    }

    /// <summary>Owner and group by Linux's statx, whose layout is the same on every processor; null where there is none.</summary>
    private static (uint User, uint Group)? OwnerOf(string path)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            return null;
        try
        {
            return Statx(CurrentFolder, CText(path), 0, WantOwner, out var found) == 0 ? (found.User, found.Group) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>As C has it: UTF-8 with a zero at the end.</summary>
    private static byte[] CText(string text) => System.Text.Encoding.UTF8.GetBytes(text + "\0");

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, out FileStatus status);

    [DllImport("libc", EntryPoint = "chown", SetLastError = true, BestFitMapping = false)]
    private static extern int Chown(byte[] path, uint user, uint group);

    /// <summary>The first fields of struct statx. Source: statx(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}
