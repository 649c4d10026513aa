using System.Globalization;
using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Jobs;

/// <summary>The folder with the records of all jobs: one folder each, named after the job's id, with a journal and a log.</summary>
public sealed class JobStore(string folder)
{
    public const string JournalName = "journal.jsonl";
    public const string LogName = "log.jsonl";

    /// <summary>Where jobs are kept unless the user says otherwise: the user's own data folder.</summary>
    public static string DefaultFolder { get; } = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "OsMigrate", "jobs");

    public string Folder => folder;

    /// <summary>A new id: sorts by time, short enough for a tag, and never given twice.</summary>
    public static string NewId()
    {
        var random = new byte[4];
        using (var source = RandomNumberGenerator.Create())
            source.GetBytes(random);
        return DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + Hex.Lower(random);
    }

    /// <summary>Starts the record of a job.</summary>
    public JobJournal Create(string id)
    {
        var path = PathOf(id);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "create");
        }

        return JobJournal.Create(Path.Combine(path, JournalName));
    }

    /// <summary>Opens a job to go on with it.</summary>
    public JobJournal Open(string id) => JobJournal.OpenForWriting(Existing(id));

    /// <summary>Reads a job.</summary>
    public JobJournal Read(string id, out bool isBusy) => JobJournal.OpenForReading(Existing(id), out isBusy);

    public string LogPath(string id) => Path.Combine(PathOf(id), LogName);

    /// <summary>Ids of all jobs, the oldest first.</summary>
    public IReadOnlyList<string> Ids
        => Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, JournalName))).Select(d => Path.GetFileName(d)).OrderBy(n => n, StringComparer.Ordinal).ToList()
            : [];

    /// <summary>Deletes the record of a job; what it made in the cloud stays.</summary>
    public void Remove(string id)
    {
        Existing(id);
        try
        {
            Directory.Delete(PathOf(id), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, PathOf(id), "delete");
        }
    }

    private string Existing(string id)
    {
        var path = Path.Combine(PathOf(id), JournalName);
        return File.Exists(path) ? path : throw new OsMigrateException(ErrorIds.JobUnknown, ErrorKind.NotFound, $"There is no job '{id}' in '{folder}'.", id) { Advice = "Get-MigrationJob lists them; -JobPath looks in another folder." };
    }

    private string PathOf(string id)
        => id.Length is > 0 and <= 64 && id.All(c => char.IsLetterOrDigit(c) || c == '-')
            ? Path.Combine(folder, id)
            : throw new OsMigrateException(ErrorIds.JobUnknown, ErrorKind.InvalidArgument, $"'{id}' is not the id of a job.", id);
}
