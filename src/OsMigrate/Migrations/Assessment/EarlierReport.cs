using System.Text.Json;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Assessment;

/// <summary>What an earlier report said of the same machines: how fast they grow is told from the two.</summary>
public sealed class EarlierReport
{
    /// <summary>The form of report.json, also for what writes it.</summary>
    internal const string Schema = "osmigrate.migration-report/1";

    private const long MaxLength = 256L << 20;

    /// <summary>Shorter times say nothing: a backup's snapshot outweighs them.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Source, string Id), long> _used = [];

    private EarlierReport(DateTime createdAt) => CreatedAt = createdAt;

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; }

    /// <param name="path">Full path of a report.json that Export-MigrationReport wrote.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: it is none, or one without names; File.*.</exception>
    public static EarlierReport Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > MaxLength)
                throw Bad(path, $"it is larger than {ByteSize.Text(MaxLength)}", null);
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 32 });
            return Of(document.RootElement, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Bad(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Bytes a day that a machine has grown on its datastore; negative when it shrank, null when either report does not know.</summary>
    internal long? GrowthOf(string source, string id, long? usedBytes, DateTime now)
        => usedBytes is { } used && now - CreatedAt >= Least && _used.TryGetValue((source, id), out var before) ? (long)((used - (double)before) / (now - CreatedAt).TotalDays) : null;

    private static EarlierReport Of(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "schema") != Schema)
            throw Bad(path, $"it does not say \"schema\": \"{Schema}\"", null);
        if (root.TryGetProperty("redacted", out var redacted) && redacted.ValueKind == JsonValueKind.True)
            throw Bad(path, "it is a copy without names, whose machines cannot be told", null);
        var report = new EarlierReport(root.GetProperty("createdAt").GetDateTime().ToUniversalTime());
        foreach (var machine in root.GetProperty("machines").EnumerateArray())
        {
            if (Text(machine, "id") is { Length: > 0 } id && machine.TryGetProperty("usedBytes", out var used) && used.TryGetInt64(out var bytes) && bytes > 0)
                report._used[(Text(machine, "source") ?? "", id)] = bytes;
        }

        return report;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static OsMigrateException Bad(string path, string reason, Exception? inner)
        => new(ErrorIds.BadRequest, ErrorKind.InvalidData, $"'{path}' is no report.json of Export-MigrationReport: {reason}.", path, inner);
}
