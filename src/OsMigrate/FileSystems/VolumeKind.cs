namespace OsMigrate.FileSystems;

/// <summary>What a partition holds.</summary>
public enum VolumeKind
{
    Unknown,
    Ntfs,
    Fat12,
    Fat16,
    Fat32,
    ExFat,
    ReFs,

    /// <summary>Encrypted by BitLocker; what is inside cannot be seen.</summary>
    BitLocker,

    /// <summary>ext2, ext3 or ext4.</summary>
    Ext,
    Xfs,
    Btrfs,

    /// <summary>A physical volume of Linux's LVM.</summary>
    Lvm,

    /// <summary>Encrypted by Linux's LUKS.</summary>
    Luks,

    /// <summary>A Windows dynamic disk (Logical Disk Manager).</summary>
    Ldm,

    /// <summary>A disk of a Windows storage pool.</summary>
    StorageSpaces,

    /// <summary>Linux swap space.</summary>
    Swap,
}
