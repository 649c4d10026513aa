using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OsMigrate.Bytes;

/// <summary>Writes a new file under <c>NAME.partial</c> and gives it its final name only in <see cref="Complete"/>; disposed before that, nothing is left.</summary>
/// <remarks>Zeros become holes.</remarks>
public sealed class FileSink : Sink
{
    /// <summary>What is added to a name until the file is whole.</summary>
    public const string PartialSuffix = ".partial";

    // Pieces below this size are gathered: compressed clusters come in by the ten thousand.
    private const int SmallSize = 256 << 10;

    // Linux takes page cache in blocks as large as the write. Blocks of this size are found among memory in use; on virtual machines that give free
    // memory back, larger ones must first be fetched from the host, which makes the whole copy two to four times slower.
    private const int PieceSize = 256 << 10;

    private readonly FileStream _file;
    private readonly string _partial;
    private readonly bool _overwrite;
    private readonly BackgroundWriter _background;
    private readonly byte[] _small = new byte[SmallSize];
    private int _smallCount;
    private bool _completed;

    private FileSink(FileStream file, string path, string partial, bool overwrite)
    {
        (_file, Path, _partial, _overwrite) = (file, path, partial, overwrite);
        _background = new BackgroundWriter((offset, buffer, start, length) => WriteAt(offset, buffer.Span(start, length)), threads: 2);
    }

    /// <summary>The final path.</summary>
    public string Path { get; }

    public override string Name => Path;

    public override bool CanPatch => true;

    /// <summary>Starts a new file.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileExists"/> when the final name is taken and <paramref name="overwrite"/> is false.</exception>
    public static FileSink Create(string path, bool overwrite)
    {
        var full = System.IO.Path.GetFullPath(path);
        RequireFree(full, overwrite);
        var partial = full + PartialSuffix;
        try
        {
            // Not FileMode.Create: it truncates, and ext4 starts to write a file that was ever truncated when it is closed, which takes as long as the copy.
            File.Delete(partial);
            var file = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1);
            SparseFile.Mark(file.SafeFileHandle);
            return new FileSink(file, full, partial, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.Map(e, partial, "create");
        }
    }

    public override void Append(ReadOnlySpan<byte> data)
    {
        if (data.Length >= SmallSize)
        {
            FlushSmall();
            WriteAt(Position, data);
        }
        else
        {
            if (_smallCount + data.Length > SmallSize)
                FlushSmall();
            data.CopyTo(_small.AsSpan(_smallCount));
            _smallCount += data.Length;
        }

        Position += data.Length;
    }

    public override void Append(SharedBuffer buffer, int start, int length)
    {
        if (length < SmallSize)
        {
            Append(buffer.Span(start, length));
            return;
        }

        FlushSmall();
        _background.Add(Position, buffer, start, length);
        Position += length;
    }

    public override void AppendZeros(long count)
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count));
        FlushSmall();
        Position += count;
    }

    public override void Patch(long offset, ReadOnlySpan<byte> data)
    {
        if (offset < 0 || offset > Position - data.Length)
            throw new ArgumentOutOfRangeException(nameof(offset));
        Settle();
        WriteAt(offset, data);
    }

    /// <summary>Reads back what was written, for checksums of the finished file. Valid until <see cref="Complete"/>.</summary>
    public int ReadBack(long offset, byte[] buffer, int count)
    {
        Settle();
        try
        {
            _file.Position = offset;
            return _file.Read(buffer, 0, (int)Math.Min(count, Position - offset));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, _partial, "read back");
        }
    }

    /// <summary>Sets the length (a hole at the end counts) and renames to the final name.</summary>
    /// <param name="flush">Wait until the disk has everything: after a power cut, the final name still means whole content.</param>
    public void Complete(bool flush)
    {
        Settle();
        try
        {
            _file.SetLength(Position);
            _file.Flush(flushToDisk: flush);
            _file.Dispose();
            RequireFree(Path, _overwrite);
            if (_overwrite && File.Exists(Path))
                File.Delete(Path);
            File.Move(_partial, Path);
            _completed = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, Path, "finish");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _background.Dispose();
        if (_completed)
            return;
        _file.Dispose();
        try
        {
            File.Delete(_partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here matters more; a leftover .partial is overwritten by the next try.
        }
    }

    private static void RequireFree(string path, bool overwrite)
    {
        if (Directory.Exists(path))
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{path}' is a folder; a file name is needed.", path);
        if (!overwrite && File.Exists(path))
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{path}' exists already.", path) { Advice = "Use -Force to overwrite it." };
    }

    private void FlushSmall()
    {
        if (_smallCount == 0)
            return;
        WriteAt(Position - _smallCount, _small.AsSpan(0, _smallCount));
        _smallCount = 0;
    }

    private void Settle()
    {
        FlushSmall();
        _background.Drain();
    }

    private void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        try
        {
#if NETSTANDARD2_0
            lock (_background)
            {
                _file.Position = offset;
                _file.Write(data.ToArray(), 0, data.Length);
            }
#else
            for (; data.Length > PieceSize; offset += PieceSize, data = data.Slice(PieceSize))
                RandomAccess.Write(_file.SafeFileHandle, data.Slice(0, PieceSize), offset);
            RandomAccess.Write(_file.SafeFileHandle, data, offset);
#endif
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, _partial, "write");
        }
    }
}

/// <summary>Marks a file as sparse where the system wants to be told (NTFS); elsewhere gaps become holes by themselves.</summary>
internal static class SparseFile
{
    private const uint SetSparse = 0x000900C4;

    public static void Mark(SafeFileHandle file)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            DeviceIoControl(file, SetSparse, IntPtr.Zero, 0, IntPtr.Zero, 0, out _, IntPtr.Zero);
    }

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeviceIoControl(
        SafeFileHandle file, uint code, IntPtr input, int inputSize, IntPtr output, int outputSize, out int returned, IntPtr overlapped);
}
