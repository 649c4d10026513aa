namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Who may do what with a new file: the same as with its folder.</summary>
/// <remarks>
/// A new file gets the security id of its folder, whose descriptor stands in $Secure already. Windows would write a descriptor of its own with the
/// inheritable entries only; the folder's has the same rights and is there. A folder without an id has a descriptor of its own, which is copied.
/// </remarks>
internal static class NewSecurity
{
    /// <summary>Longer descriptors go to clusters, so that names and index find room in the record.</summary>
    private const int MaxResident = 256;

    public static void Set(VolumeEdit edit, FileEdit file, FileEdit parent, uint attributes)
    {
        var id = parent.Standard.SecurityId;
        var own = id == 0 ? parent.Find(AttributeType.SecurityDescriptor) : null;
        var value = new byte[own is null ? StandardInformation.Size : StandardInformation.OldSize];
        Le.Put64(value, 0, edit.Now);
        Le.Put64(value, 8, edit.Now);
        Le.Put64(value, 16, edit.Now);
        Le.Put64(value, 24, edit.Now);
        Le.Put32(value, 32, attributes);
        if (own is null)
            Le.Put32(value, 52, id);
        file.SetResident(AttributeType.StandardInformation, "", value);
        if (own is null)
            return;
        if (own.DataBytes > 65536)
            throw edit.Layout.Bad(-1, $"a security descriptor of {own.DataBytes} bytes");
        var content = own.Open(edit.Layout, edit.Layout.Name);
        if (own.DataBytes <= MaxResident)
            file.SetResident(AttributeType.SecurityDescriptor, "", content.ReadBytes(0, (int)own.DataBytes));
        else
            ContentSpace.SetContent(edit, file, AttributeType.SecurityDescriptor, "", content);
    }
}
