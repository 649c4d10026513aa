using System.Globalization;
using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Editing;

/// <summary>A change of one file that is ready to be written.</summary>
public sealed class PlannedChange
{
    private readonly ConfigFile _file;
    private readonly byte[] _after;

    private PlannedChange(ConfigFile file, ConfigDocument after, string diff, IReadOnlyList<string> notes)
    {
        (_file, After, Diff, Notes) = (file, after, diff, notes);
        _after = after.ToBytes();
    }

    public string Path => _file.Path;

    public string Node => _file.Node;

    /// <summary>The change as "diff -u" shows it, with secrets as stars.</summary>
    public string Diff { get; }

    /// <summary>What the user should know of it.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>True when the file is so already.</summary>
    public bool IsNone => _file.Bytes.AsSpan().SequenceEqual(_after);

    internal ConfigDocument After { get; }

    internal static PlannedChange Of(ConfigFile file, ConfigDocument after, OptionLookup? lookup, IReadOnlyList<string> notes)
        => new(file, after, new UnifiedDiff(file.Document, after, lookup).Text(file.Path), notes);

    /// <summary>Writes the file; the old one stays beside it under a name with the time.</summary>
    internal ConfigChange Write(IConfigHost host, bool backup, DateTimeOffset now, CancellationToken cancel)
    {
        var copy = backup ? _file.Path + "." + now.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture) + ".bak" : null;
        host.Replace(_file.Path, _file.Bytes, _after, copy, cancel);
        return new ConfigChange(_file.Node, _file.Service, _file.Path, copy, Diff, Notes);
    }
}
