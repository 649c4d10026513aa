using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace OsMigrate.FirstBoot;

/// <summary>
/// state.txt: what was begun and what came of it, one line each, on the disk before the step begins. What was begun and has no end counts as an attempt:
/// a step that makes the system crash is not tried for ever.
/// </summary>
public sealed class StateFile
{
    private readonly string _path;
    private readonly Dictionary<int, int> _attempts = new Dictionary<int, int>();
    private readonly Dictionary<int, string> _ends = new Dictionary<int, string>();
    private readonly Dictionary<int, bool> _settled = new Dictionary<int, bool>();

    private StateFile(string path) => _path = path;

    public int Boots { get; private set; }

    /// <summary>Everything was done, or given up; nothing may be started again.</summary>
    public bool IsFinished { get; private set; }

    public bool NeedsReboot { get; private set; }

    /// <summary>Reads what is there of the same plan; a state of another plan is begun anew.</summary>
    /// <exception cref="IOException">It cannot be written: then nothing may be run, since nobody would know.</exception>
    public static StateFile Open(string path, string planId)
    {
        var state = new StateFile(path);
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        if (lines.Length == 0 || lines[0] != "plan " + planId)
            File.WriteAllText(path, "plan " + planId + "\r\n", Encoding.UTF8);
        else
            Array.ForEach(lines, state.Take);
        return state;
    }

    public int Attempts(int step) => _attempts.TryGetValue(step, out var count) ? count : 0;

    /// <summary>True when the step succeeded, or failed in a way that trying again would not change.</summary>
    public bool IsSettled(int step) => _settled.ContainsKey(step);

    /// <summary>What came of the last attempt; null when it was cut off, or never begun.</summary>
    public string? End(int step) => _ends.TryGetValue(step, out var end) ? end : null;

    public void NoteBoot() => Add("boot");

    public void NoteStart(int step) => Add("start " + Texts.Number(step));

    public void NoteEnd(int step, StepOutcome outcome)
    {
        if (outcome.NeedsReboot)
            Add("reboot");
        Add((outcome.IsFinal ? "settled " : "failed ") + Texts.Number(step) + " " + Texts.OneLine(outcome.ToString()));
    }

    public void NoteFinished() => Add("finished");

    private void Add(string line)
    {
        using (var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, 4096, FileOptions.WriteThrough))
        {
            // A line that was cut off by a crash must not swallow this one.
            var bytes = Encoding.UTF8.GetBytes("\r\n" + line + "\r\n");
            file.Write(bytes, 0, bytes.Length);
        }

        Take(line);
    }

    private void Take(string line)
    {
        var parts = line.Split(new[] { ' ' }, 3);
        var hasNumber = int.TryParse(parts.Length > 1 ? parts[1] : "", NumberStyles.None, CultureInfo.InvariantCulture, out var step);
        switch (parts[0])
        {
            case "boot":
                Boots++;
                break;
            case "finished":
                IsFinished = true;
                break;
            case "reboot":
                NeedsReboot = true;
                break;
            case "start" when hasNumber:
                _attempts[step] = Attempts(step) + 1;
                _ends.Remove(step);
                break;
            case "failed" when hasNumber:
                _ends[step] = parts.Length > 2 ? parts[2] : "failed";
                break;
            case "settled" when hasNumber:
                _ends[step] = parts.Length > 2 ? parts[2] : "done";
                _settled[step] = true;
                break;
        }
    }
}
