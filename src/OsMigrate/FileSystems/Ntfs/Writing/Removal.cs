using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Deletes files and empty folders.</summary>
internal static class Removal
{
    public static FileReference Run(VolumeEdit edit, string path)
    {
        var (folder, entry) = PathWalk.Entry(edit, path);
        var file = edit.File(entry.File);
        if (file.IsFolder && !edit.Folder(entry.File).IsEmpty)
            throw new OsMigrateException(ErrorIds.VolumePathExists, ErrorKind.ResourceUnavailable, $"'{path}' is a folder that is not empty.", path);
        RemoveNames(edit, file, folder, entry.Name);
        NameSync.Touch(edit, folder);
        if (file.Names.Count > 0)
            NameSync.SetTimes(edit, file, contentChanged: false);
        else
            Free(edit, file, path);
        return entry.File;
    }

    /// <summary>A long name and its short name go together.</summary>
    private static void RemoveNames(VolumeEdit edit, FileEdit file, FileReference folder, string name)
    {
        var here = file.Names.Where(n => n.Parent.Number == folder.Number).ToList();
        var given = here.FirstOrDefault(n => n.Name == name)
            ?? throw edit.Layout.Bad(-1, $"record {file.Reference.Number} does not know its name '{name}'");
        var gone = new List<FileNameValue> { given };
        if (given.NameSpace is NameSpace.Dos or NameSpace.Win32 && here.Exists(static n => n.NameSpace == NameSpace.Dos))
            gone.AddRange(here.Where(n => n != given && n.NameSpace == (given.NameSpace == NameSpace.Dos ? NameSpace.Win32 : NameSpace.Dos)));
        foreach (var n in gone)
        {
            file.RemoveName(folder, n.Name);
            edit.Folder(folder).Remove(n.Name);
        }
    }

    private static void Free(VolumeEdit edit, FileEdit file, string path)
    {
        // $Extend keeps indexes of these; an entry left behind there would point nowhere.
        if (file.Find(AttributeType.ReparsePoint) is not null || file.Find(AttributeType.ObjectId) is not null)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{path}' has a reparse point or an object id, which stand in indexes of the volume too; such a file is not deleted.", path);
        foreach (var part in file.Parts.Where(static a => !a.IsResident))
            edit.Clusters.Give(part.Runs.Runs);
        foreach (var record in Enumerable.Reverse(file.Records))
            edit.Records.Give(record);
        edit.Drop(file);
    }
}
