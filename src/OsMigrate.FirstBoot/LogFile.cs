using System;
using System.IO;
using System.Text;

namespace OsMigrate.FirstBoot;

/// <summary>log.txt: one line for each thing that happened, with the time in UTC.</summary>
public sealed class LogFile
{
    private readonly string _path;
    private readonly IClock _clock;

    public LogFile(string path, IClock clock)
    {
        _path = path;
        _clock = clock;
    }

    /// <summary>A log that cannot be written stops nothing.</summary>
    public void Write(string text)
    {
        try
        {
            File.AppendAllText(_path, Texts.Time(_clock.UtcNow) + " " + Texts.OneLine(text) + "\r\n", Encoding.UTF8);
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
