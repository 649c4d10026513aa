using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>What hiberfil.sys in the root says.</summary>
public enum HibernationState
{
    /// <summary>No hiberfil.sys.</summary>
    NoFile,

    /// <summary>The file has no image: zeros, or marked as already resumed from.</summary>
    NotHibernated,

    /// <summary>Windows sleeps in this file: hibernated, or shut down with fast startup, which is the hibernation of the system without its users.</summary>
    Hibernated,
}

internal static class HibernationReader
{
    /// <remarks>Source: libhibr documentation, "Windows Hibernation File format": "hibr"/"HIBR", "rstr"/"RSTR", "wake"/"WAKE".</remarks>
    public static HibernationState Read(FileEntry? file)
    {
        if (file is null || file.IsFolder)
            return HibernationState.NoFile;
        if (file.SizeBytes < 4)
            return HibernationState.NotHibernated;
        using var content = file.OpenContent();
        var mark = content.ReadBytes(0, 4);
        for (var i = 0; i < mark.Length; i++)
            mark[i] |= 0x20;
        // A restore that was begun and not ended leaves "rstr": the image is still what Windows will go on from.
        return mark.AsSpan().SequenceEqual("hibr"u8) || mark.AsSpan().SequenceEqual("rstr"u8) ? HibernationState.Hibernated : HibernationState.NotHibernated;
    }
}
