using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OsMigrate.Bytes;

/// <summary>Changes a file so that it can always be put back: what is about to be overwritten is first saved, durably, in a journal beside it.</summary>
/// <remarks>
/// The journal lies at <c>FILE.osmigrate-undo</c> for as long as the file is being changed. Killed at any moment, the file is untouched (there is no
/// journal, or only a part of one), or the journal is whole and <see cref="TakeBack"/> restores every byte and the length.
/// <para>Layout, little endian: mark (8), old length (8), new length (8), number of pages (8), SHA-256 of the new pages (32);
/// per page its offset (8) and its old content, cut at the old length; at the end SHA-256 of all before.</para>
/// </remarks>
public static class UndoJournal
{
    /// <summary>What is added to a file's name for its journal.</summary>
    public const string Suffix = ".osmigrate-undo";

    private const int HeadSize = 64;
    private const int SumSize = 32;
    private const long MaxBytes = 1L << 34;

    private static readonly byte[] Mark = "OSMUNDO1"u8.ToArray();

    /// <summary>Path of the journal of a file.</summary>
    public static string PathFor(string file) => Path.GetFullPath(file) + Suffix;

    /// <summary>Throws when a change of the file was cut off: then its content is neither old nor new.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.EditInterrupted"/>.</exception>
    public static void RequireNone(string file)
    {
        if (!File.Exists(PathFor(file)))
            return;
        throw new OsMigrateException(ErrorIds.EditInterrupted, ErrorKind.IntegrityFailure, $"'{file}' was being changed in place and the change was cut off: '{PathFor(file)}' is there.", file)
        {
            Advice = "Take the change back with Undo-DiskImageEdit; the file is then as it was before. Do not start a machine from it until then.",
        };
    }

    /// <summary>Carries staged changes to the file.</summary>
    /// <param name="file">Open for writing.</param>
    /// <param name="staged">The changes, over <paramref name="file"/>.</param>
    /// <param name="keepAs">Where the journal goes after success, so that the change can be taken back later; null to delete it.</param>
    /// <returns>Bytes that were written to the file.</returns>
    /// <exception cref="OsMigrateException">The medium is full or fails; the file is as it was when the error could be taken back, else the error says what to do.</exception>
    public static long Apply(FileStore file, StagedStore staged, string? keepAs)
    {
        if (!staged.ChangedPages.Any() && staged.Length == file.Length)
            return 0;
        RequireNone(file.Path);
        var journal = PathFor(file.Path);
        Save(journal, file, staged);
        long written;
        try
        {
            written = Overwrite(file, staged);
        }
        catch (OsMigrateException)
        {
            // A full medium is the usual reason: what is there already can be put back in place.
            Restore(file, journal, requireNew: false);
            File.Delete(journal);
            throw;
        }

        Finish(journal, keepAs);
        return written;
    }

    /// <summary>Puts a file back to what it was before a change.</summary>
    /// <param name="keptAs">The journal kept by <see cref="Apply"/>; null for the one that a change that was cut off left behind.</param>
    /// <returns>False when the change had not begun: the file was whole, and only the rest of the journal was removed.</returns>
    /// <exception cref="OsMigrateException">
    /// <see cref="ErrorIds.FileNotFound"/>: there is nothing to take back. <see cref="ErrorIds.EditConflict"/>: the file was changed since, or the journal is of another file; nothing was written.
    /// </exception>
    public static bool TakeBack(string path, string? keptAs)
    {
        var journal = keptAs is null ? PathFor(path) : Path.GetFullPath(keptAs);
        if (!File.Exists(journal))
            throw new OsMigrateException(ErrorIds.FileNotFound, ErrorKind.NotFound, keptAs is null ? $"No change of '{path}' was cut off: there is no '{journal}'." : $"'{journal}' does not exist.", journal);
        using var file = FileStore.OpenWrite(path);
        var isWhole = IsWhole(journal);
        if (!isWhole && keptAs is not null)
            throw new OsMigrateException(ErrorIds.EditConflict, ErrorKind.InvalidData, $"'{journal}' is damaged; '{path}' was not touched.", journal);
        if (isWhole)
            Restore(file, journal, requireNew: keptAs is not null);
        Delete(journal);
        return isWhole;
    }

    private static void Save(string journal, FileStore file, StagedStore staged)
    {
        try
        {
            using var stream = new FileStream(journal, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            try
            {
                using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                foreach (var part in Parts(file, staged))
                {
                    stream.Write(part, 0, part.Length);
                    sum.AppendData(part);
                }

                stream.Write(sum.GetHashAndReset(), 0, SumSize);
                stream.Flush(flushToDisk: true);
            }
            catch
            {
                stream.Dispose();
                File.Delete(journal);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, journal, "write");
        }
    }

    private static IEnumerable<byte[]> Parts(FileStore file, StagedStore staged)
    {
        var pages = staged.ChangedPages.ToList();
        var head = new byte[HeadSize];
        Mark.CopyTo(head, 0);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), file.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), staged.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(24), pages.Count);
        using var news = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (offset, content) in pages)
            news.AppendData(content, 0, InFile(offset, staged.Length));
        news.GetHashAndReset().CopyTo(head, 32);
        yield return head;
        foreach (var (offset, _) in pages)
        {
            var part = new byte[8 + InFile(offset, file.Length)];
            BinaryPrimitives.WriteInt64LittleEndian(part, offset);
            file.Read(Math.Min(offset, file.Length), part.AsSpan(8));
            yield return part;
        }
    }

    private static long Overwrite(FileStore file, StagedStore staged)
    {
        var written = 0L;
        if (staged.Length != file.Length)
            file.SetLength(staged.Length);
        foreach (var (offset, content) in staged.ChangedPages)
        {
            var length = InFile(offset, staged.Length);
            file.Write(offset, content.AsSpan(0, length));
            written += length;
        }

        file.Flush();
        return written;
    }

    private static void Finish(string journal, string? keepAs)
    {
        try
        {
            if (keepAs is null)
                File.Delete(journal);
            else
                File.Move(journal, Path.GetFullPath(keepAs));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, journal, "rename or delete");
        }
    }

    private static void Delete(string journal)
    {
        try
        {
            File.Delete(journal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, journal, "delete");
        }
    }

    /// <summary>A journal without its right sum at the end was being written when all stopped: the file had not been touched.</summary>
    private static bool IsWhole(string journal)
    {
        using var store = FileStore.OpenRead(journal);
        if (store.Length < HeadSize + SumSize)
            return false;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var end = store.Length - SumSize;
        var buffer = new byte[1 << 20];
        for (var at = 0L; at < end;)
        {
            var n = (int)Math.Min(buffer.Length, end - at);
            store.Read(at, buffer.AsSpan(0, n));
            sum.AppendData(buffer, 0, n);
            at += n;
        }

        return sum.GetHashAndReset().AsSpan().SequenceEqual(store.ReadBytes(end, SumSize)) && store.ReadBytes(0, Mark.Length).AsSpan().SequenceEqual(Mark);
    }

    private static void Restore(FileStore file, string journal, bool requireNew)
    {
        using var store = FileStore.OpenRead(journal);
        var head = store.ReadBytes(0, HeadSize);
        var (oldLength, newLength) = (BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(16)));
        var count = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(24));
        if (store.Length > MaxBytes || oldLength < 0 || newLength < oldLength || count < 0 || count > store.Length / 8)
            throw Conflict(file, journal, "it does not fit together");
        var pages = Pages(store, oldLength, newLength, count);
        if (requireNew && !HoldsNew(file, pages, newLength, head.AsSpan(32, SumSize)))
            throw Conflict(file, journal, "the file was changed since, or it is another file");
        var page = new byte[StagedStore.PageSize];
        foreach (var (offset, at) in pages)
        {
            var length = InFile(offset, oldLength);
            store.Read(at, page.AsSpan(0, length));
            if (length > 0)
                file.Write(offset, page.AsSpan(0, length));
        }

        file.SetLength(oldLength);
        file.Flush();
    }

    private static List<(long Offset, long At)> Pages(FileStore store, long oldLength, long newLength, long count)
    {
        var pages = new List<(long, long)>();
        var at = (long)HeadSize;
        for (var i = 0L; i < count; i++)
        {
            var offset = BinaryPrimitives.ReadInt64LittleEndian(store.ReadBytes(at, 8));
            if (offset < 0 || offset >= newLength || offset % StagedStore.PageSize != 0)
                throw new InvalidImageException(ErrorIds.BadStructure, store.Name, at, $"a page at {offset} of a file of {newLength} bytes");
            pages.Add((offset, at + 8));
            at += 8 + InFile(offset, oldLength);
        }

        return pages;
    }

    private static bool HoldsNew(FileStore file, List<(long Offset, long At)> pages, long newLength, ReadOnlySpan<byte> expected)
    {
        if (file.Length != newLength)
            return false;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (offset, _) in pages)
            sum.AppendData(file.ReadBytes(offset, InFile(offset, newLength)));
        return sum.GetHashAndReset().AsSpan().SequenceEqual(expected);
    }

    private static OsMigrateException Conflict(FileStore file, string journal, string why)
        => new(ErrorIds.EditConflict, ErrorKind.IntegrityFailure, $"'{journal}' does not belong to '{file.Path}' as it is now: {why}. Nothing was written.", file.Path);

    /// <summary>Bytes of a page that lie within a file of that length.</summary>
    private static int InFile(long offset, long length) => (int)Math.Max(0, Math.Min(StagedStore.PageSize, length - offset));
}
