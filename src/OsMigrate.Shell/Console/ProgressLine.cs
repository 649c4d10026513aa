using System.Globalization;
using System.Management.Automation;

namespace OsMigrate.Shell.Console;

/// <summary>Progress as one line that is overwritten and removed before any other text. Not drawn more than ten times a second.</summary>
internal sealed class ProgressLine(TextWriter terminal)
{
    private const int DrawEveryMilliseconds = 100;

    private readonly SortedDictionary<int, ProgressRecord> _activities = [];
    private long _lastDrawn;
    private bool _visible;

    public void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _activities.Remove(record.ActivityId);
            Clear();
            return;
        }

        _activities[record.ActivityId] = record;
        if (Environment.TickCount64 - _lastDrawn < DrawEveryMilliseconds)
            return;
        _lastDrawn = Environment.TickCount64;
        var text = string.Join(" | ", _activities.Values.Select(Text));
        var width = Math.Max(20, System.Console.WindowWidth) - 1;
        terminal.Write("\r\u001b[K" + (text.Length > width ? text[..width] : text));
        terminal.Flush();
        _visible = true;
    }

    public void Clear()
    {
        if (!_visible)
            return;
        terminal.Write("\r\u001b[K");
        terminal.Flush();
        _visible = false;
    }

    private static string Text(ProgressRecord record)
    {
        var parts = new List<string> { record.Activity };
        if (record.PercentComplete is >= 0 and <= 100)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"[{new string('#', record.PercentComplete / 5),-20}] {record.PercentComplete} %"));
        parts.Add(record.StatusDescription);
        if (!string.IsNullOrEmpty(record.CurrentOperation))
            parts.Add(record.CurrentOperation);
        if (record.SecondsRemaining >= 0)
            parts.Add(TimeSpan.FromSeconds(record.SecondsRemaining).ToString("h\\:mm\\:ss", CultureInfo.InvariantCulture) + " left");
        return string.Join("  ", parts).ReplaceLineEndings(" ");
    }
}
