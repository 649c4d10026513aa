using OsMigrate.Bytes;
using OsMigrate.FileSystems.Iso9660;
using OsMigrate.FileSystems.Udf;

namespace OsMigrate.FileSystems;

/// <summary>A disc or .iso file, whichever of its file systems says most.</summary>
public static class OpticalDisc
{
    public static bool Matches(ByteStore store) => Iso9660Volume.Matches(store) || UdfVolume.Matches(store);

    /// <summary>Opens the UDF side of a bridge as Windows does: installation discs have only a note in ISO 9660. Where UDF cannot be read, ISO 9660.</summary>
    /// <exception cref="InvalidImageException">Neither is there, or both are damaged.</exception>
    public static FileVolume Open(ByteStore store)
    {
        if (!UdfVolume.Matches(store))
            return Iso9660Volume.Open(store);
        if (!Iso9660Volume.Matches(store))
            return UdfVolume.Open(store);
        try
        {
            return UdfVolume.Open(store);
        }
        catch (InvalidImageException)
        {
            return Iso9660Volume.Open(store);
        }
    }
}
