using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Datastores;

/// <summary>A file of a datastore: "[datastore1] web01/web01.vmdk".</summary>
/// <param name="Datastore">Its name.</param>
/// <param name="File">Path below it, with slashes.</param>
public readonly record struct DatastorePath(string Datastore, string File)
{
    /// <summary>Folder part with its slash at the end; empty for a file at the top.</summary>
    public string Folder => File.Substring(0, File.LastIndexOf('/') + 1);

    public string FileName => File.Substring(File.LastIndexOf('/') + 1);

    /// <summary>Another file of the same folder.</summary>
    public DatastorePath Beside(string fileName) => new(Datastore, Folder + fileName);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.NetBadAnswer"/>: it has another form, or steps out of the datastore.</exception>
    public static DatastorePath Parse(string text)
    {
        var close = text.IndexOf(']');
        if (text.Length == 0 || text[0] != '[' || close < 2)
            throw Bad(text);
        var file = text.Substring(close + 1).Trim();
        if (file.Length == 0 || file[0] == '/' || file.Split('/').Any(static part => part is "" or "." or "..") || file.Any(static c => char.IsControl(c) || c == '\\'))
            throw Bad(text);
        return new DatastorePath(text.Substring(1, close - 1), file);
    }

    public override string ToString() => $"[{Datastore}] {File}";

    private static OsMigrateException Bad(string text)
        => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"'{(text.Length > 200 ? text.Substring(0, 200) : text)}' is no path of a datastore.");
}
