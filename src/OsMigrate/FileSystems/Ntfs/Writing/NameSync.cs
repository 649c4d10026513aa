namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Folders hold copies of their files' sizes, times and attributes: this brings them up to date.</summary>
internal static class NameSync
{
    /// <summary>Copies what the file's own record says into the index of every folder that has it.</summary>
    public static void Run(VolumeEdit edit, FileEdit file)
    {
        const uint HowStored = 0xA00;
        var standard = file.Standard;
        var data = file.IsFolder ? null : file.Find(AttributeType.Data);
        foreach (var name in file.Names)
        {
            edit.Folder(name.Parent).Update(name.Name, old => old with
            {
                Created = standard.Created,
                Modified = standard.Modified,
                Changed = standard.Changed,
                Accessed = standard.Accessed,
                AllocatedBytes = data?.StoredBytes ?? 0,
                DataBytes = data?.DataBytes ?? 0,
                // Sparse and compressed are never set here, but go when the content is stored plainly.
                Flags = (old.Flags & ~(NewEntry.SettableAttributes | (HowStored & ~standard.Attributes))) | (standard.Attributes & NewEntry.SettableAttributes),
            });
        }
    }

    /// <summary>A folder whose names changed has a new time of modification.</summary>
    public static void Touch(VolumeEdit edit, FileReference folder)
    {
        var file = edit.File(folder);
        SetTimes(edit, file, contentChanged: true);
        Run(edit, file);
    }

    public static void SetTimes(VolumeEdit edit, FileEdit file, bool contentChanged)
    {
        var value = (byte[])file.Find(AttributeType.StandardInformation)!.Value.Clone();
        if (contentChanged)
            Le.Put64(value, 8, edit.Now);
        Le.Put64(value, 16, edit.Now);
        file.SetResident(AttributeType.StandardInformation, "", value);
    }
}
