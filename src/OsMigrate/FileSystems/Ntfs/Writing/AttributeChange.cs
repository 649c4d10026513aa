namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Sets the attributes of a file or folder.</summary>
internal static class AttributeChange
{
    public static FileReference Run(VolumeEdit edit, string path, FileAttributes attributes)
    {
        var (_, entry) = PathWalk.Entry(edit, path);
        var file = edit.File(entry.File);
        NameSync.SetTimes(edit, file, contentChanged: false);
        var value = (byte[])file.Find(AttributeType.StandardInformation)!.Value.Clone();
        Le.Put32(value, 32, (Le.U32(value, 32) & ~NewEntry.SettableAttributes) | ((uint)attributes & NewEntry.SettableAttributes));
        file.SetResident(AttributeType.StandardInformation, "", value);
        NameSync.Run(edit, file);
        return file.Reference;
    }
}
