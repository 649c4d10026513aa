using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations;

/// <summary>A folder that is filled as <c>NAME.partial</c> and gets its name in <see cref="Complete"/>; disposed before that, nothing is left.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string _final;
    private readonly string _partial;
    private readonly bool _overwrite;
    private readonly List<string> _names = [];
    private bool _completed;

    private OutputFolder(string final, bool overwrite) => (_final, _partial, _overwrite) = (final, final + FileSink.PartialSuffix, overwrite);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileExists"/>: a folder NAME.partial with files is there, of a run that was killed or is still going on.</exception>
    public static OutputFolder Create(string path, bool overwrite)
    {
        var folder = new OutputFolder(path, overwrite);
        try
        {
            if (Directory.Exists(folder._partial) && Directory.EnumerateFileSystemEntries(folder._partial).Any())
            {
                if (!overwrite)
                {
                    throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{folder._partial}' holds files of a conversion that did not end, or has not ended yet.", folder._partial)
                    {
                        Advice = "If no other conversion is running, delete that folder or use -Force.",
                    };
                }

                folder.DeleteLeftovers();
            }

            Directory.CreateDirectory(folder._partial);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, folder._partial, "create");
        }
    }

    /// <summary>Where to write a file for now.</summary>
    public string PathOf(string name)
    {
        _names.Add(name);
        return Path.Combine(_partial, name);
    }

    public string FinalPathOf(string name) => Path.Combine(_final, name);

    public void WriteText(string name, string text)
    {
        using var file = FileSink.Create(PathOf(name), overwrite: true);
        file.Append(Encoding.UTF8.GetBytes(text));
        file.Complete(flush: true);
    }

    public void Complete()
    {
        try
        {
            if (Directory.Exists(_final) && !Directory.EnumerateFileSystemEntries(_final).Any())
                Directory.Delete(_final);
            if (!Directory.Exists(_final))
                Directory.Move(_partial, _final);
            else
                ReplaceFiles();
            _completed = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, _final, "finish");
        }
    }

    public void Dispose()
    {
        if (_completed)
            return;
        try
        {
            Directory.Delete(_partial, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here matters more, and the folder's name says what it is.
        }
    }

    /// <summary>Deletes what a killed run left; a folder that holds anything else is somebody's own and is kept.</summary>
    private void DeleteLeftovers()
    {
        var entries = Directory.EnumerateFileSystemEntries(_partial).ToList();
        var foreign = entries.Find(e => Directory.Exists(e) || !IsOurs(Path.GetFileName(e)));
        if (foreign is not null)
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{_partial}' holds '{Path.GetFileName(foreign)}', which no conversion makes; it is not deleted.", _partial);
        foreach (var file in entries)
            File.Delete(file);
    }

    private static bool IsOurs(string name)
        => name.EndsWith(FileSink.PartialSuffix, StringComparison.Ordinal) || name is MigrationRecord.FileName or OpenStackScript.FileName || name.Contains("-disk");

    private void ReplaceFiles()
    {
        if (!_overwrite)
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{_final}' appeared while the conversion was running.", _final);
        foreach (var name in _names)
        {
            File.Delete(Path.Combine(_final, name));
            File.Move(Path.Combine(_partial, name), Path.Combine(_final, name));
        }

        Directory.Delete(_partial);
    }
}
