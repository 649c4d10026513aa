namespace OsMigrate.FileSystems.Ntfs;

/// <summary>What an attribute of a file is. Source: flatcap NTFS documentation, "Attributes".</summary>
internal enum AttributeType : uint
{
    None = 0,
    StandardInformation = 0x10,
    AttributeList = 0x20,
    FileName = 0x30,
    ObjectId = 0x40,
    SecurityDescriptor = 0x50,
    VolumeName = 0x60,
    VolumeInformation = 0x70,
    Data = 0x80,
    IndexRoot = 0x90,
    IndexAllocation = 0xA0,
    Bitmap = 0xB0,
    ReparsePoint = 0xC0,
    End = 0xFFFFFFFF,
}

/// <summary>Flags of an attribute record.</summary>
[Flags]
internal enum AttributeFlags : ushort
{
    None = 0,
    Compressed = 0x0001,
    Encrypted = 0x4000,
    Sparse = 0x8000,
}
