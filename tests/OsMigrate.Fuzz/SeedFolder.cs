namespace OsMigrate.Fuzz;

/// <summary>Well-formed inputs on disk: some tools put random identifiers and the time into what they make, and a replay needs the very same bytes.</summary>
internal sealed class SeedFolder
{
    public SeedFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
    }

    public string Path { get; }

    /// <summary>The seeds of one target; made on the first call.</summary>
    /// <param name="name">Folder for them.</param>
    /// <param name="make">Writes them into the folder it is given.</param>
    public IReadOnlyList<byte[]> Get(string name, Action<string> make)
    {
        var folder = System.IO.Path.Combine(Path, name);
        if (!Directory.Exists(folder))
        {
            var unfinished = folder + ".new";
            Directory.CreateDirectory(unfinished);
            make(unfinished);
            Directory.Move(unfinished, folder);
        }

        return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }
}
