using System.Text.Json;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Jobs;

/// <summary>A job's log for people and programs: one JSON object a line with time and text. Holds no secret. Safe for use from several threads.</summary>
public sealed class JobLog : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly object _gate = new();

    public JobLog(string path)
    {
        try
        {
            _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "write");
        }
    }

    /// <param name="step">Which step of the job, or null.</param>
    public void Write(string level, string text, string? step = null)
    {
        var line = JsonSerializer.Serialize(new { time = DateTime.UtcNow, level, step, text });
        lock (_gate)
        {
            try
            {
                _writer.WriteLine(line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A full disk must not end a migration that needs none of it; the journal, which it does need, is another file.
            }
        }
    }

    public void Dispose() => _writer.Dispose();
}
