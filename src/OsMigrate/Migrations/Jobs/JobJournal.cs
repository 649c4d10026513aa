using System.Text.Json;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Jobs;

/// <summary>What a job has decided and done, in order, on disk before it counts: survives the process, a crash and a power cut. Holds no secret.</summary>
/// <remarks>
/// Append-only. Every line is flushed to the disk before <see cref="Append"/> returns. A last line that was torn by a crash is cut off when the journal is
/// opened for writing; a damaged line in the middle is an error. While it is open for writing no other process can open it so.
/// </remarks>
public sealed class JobJournal : IDisposable
{
    private const int MaxBytes = 64 << 20;

    private readonly FileStream? _file;
    private readonly FileStream? _lock;
    private readonly List<JournalEntry> _entries;

    private JobJournal(string path, FileStream? file, FileStream? @lock, List<JournalEntry> entries) => (Path, _file, _lock, _entries) = (path, file, @lock, entries);

    public string Path { get; }

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>Starts a new journal.</summary>
    public static JobJournal Create(string path)
    {
        var held = Hold(path) ?? throw Busy(path);
        try
        {
            return new JobJournal(path, new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 4096, FileOptions.WriteThrough), held, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw FileErrors.Map(e, path, "create");
        }
    }

    /// <summary>Opens a journal to go on with it.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobBusy"/>: another process works on the job; <see cref="ErrorIds.JobDamaged"/>.</exception>
    public static JobJournal OpenForWriting(string path)
    {
        var held = Hold(path) ?? throw Busy(path);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 4096, FileOptions.WriteThrough);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw FileErrors.Map(e, path, "open");
        }

        try
        {
            var (entries, good) = ReadAll(file, path);
            // What a crash tore off never happened.
            if (file.Length > good)
                file.SetLength(good);
            file.Position = good;
            return new JobJournal(path, file, held, entries);
        }
        catch
        {
            file.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal, also one that is being written.</summary>
    /// <param name="isBusy">True when a process has it open for writing.</param>
    public static JobJournal OpenForReading(string path, out bool isBusy)
    {
        try
        {
            using (var free = Hold(path))
                isBusy = free is null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return new JobJournal(path, null, null, ReadAll(file, path).Entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }
    }

    /// <summary>Adds an entry; it is on the disk when this returns.</summary>
    /// <param name="data">Its content; null for none.</param>
    public void Append(string kind, JsonObject? data = null)
    {
        if (_file is null)
            throw new InvalidOperationException("The journal is open for reading only.");
        var entry = new JournalEntry(kind, DateTime.UtcNow, data ?? []);
        var json = new JsonObject { ["kind"] = kind, ["time"] = entry.Time.ToString("O", System.Globalization.CultureInfo.InvariantCulture), ["data"] = entry.Data.DeepClone() };
        var line = JournalLine.Format(json.ToJsonString());
        try
        {
            _file.Write(line, 0, line.Length);
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, Path, "write");
        }

        _entries.Add(entry);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Takes the right to write. A file of its own, since only a wholly exclusive one excludes on every system; the system lets it go when the process dies.</summary>
    /// <returns>Null when another process has it.</returns>
    private static FileStream? Hold(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "lock");
        }
    }

    private static OsMigrateException Busy(string path)
        => new(ErrorIds.JobBusy, ErrorKind.ResourceUnavailable, $"'{path}' is in use: the job is being worked on by another process.", path);

    private static (List<JournalEntry> Entries, long Good) ReadAll(FileStream file, string path)
    {
        if (file.Length > MaxBytes)
            throw Damaged(path, "it is too large", 0);
        var bytes = new byte[file.Length];
        file.Position = 0;
        var count = 0;
        for (int n; count < bytes.Length && (n = file.Read(bytes, count, bytes.Length - count)) > 0;)
            count += n;
        var entries = new List<JournalEntry>();
        var start = 0;
        while (start < count)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start, count - start);
            var entry = end < 0 ? null : Read(bytes.AsSpan(start, end - start));
            if (entry is null)
            {
                if (end >= 0 && end != count - 1)
                    throw Damaged(path, "the line there does not match its own checksum", start);
                break;
            }

            entries.Add(entry);
            start = end + 1;
        }

        return (entries, start);
    }

    private static JournalEntry? Read(ReadOnlySpan<byte> line)
    {
        if (JournalLine.Parse(line) is not { } json)
            return null;
        try
        {
            var entry = JsonNode.Parse(json)!.AsObject();
            return new JournalEntry((string)entry["kind"]!, DateTime.Parse((string)entry["time"]!, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind), entry["data"]!.DeepClone().AsObject());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static OsMigrateException Damaged(string path, string reason, long offset)
        => new(ErrorIds.JobDamaged, ErrorKind.InvalidData, $"The journal '{path}' is damaged at offset {offset}: {reason}.", path)
        {
            Advice = "What the job made in the cloud carries its id (osmigrate_job_id): look there.",
        };
}

/// <summary>One entry of a journal.</summary>
/// <param name="Time">UTC.</param>
public sealed record JournalEntry(string Kind, DateTime Time, JsonObject Data);
