namespace OsMigrate.Module.Tests.Support;

/// <summary>Small disk files for tests.</summary>
public static class Disks
{
    /// <summary>A raw disk of zeros with a quarter of random, compressible bytes, by seed.</summary>
    public static string Raw(TempFolder folder, string name, int size = 1 << 20, int seed = 1)
    {
        var path = folder.File(name);
        var data = new byte[size];
        new Random(seed).NextBytes(data.AsSpan(size / 4, size / 4));
        for (var i = 0; i < size; i++)
            data[i] &= 0x3F;
        File.WriteAllBytes(path, data);
        return path;
    }

    /// <summary>A raw disk large enough to be stopped in the middle; every byte is data.</summary>
    public static string Large(TempFolder folder, string name, int megabytes)
    {
        var path = folder.File(name);
        var piece = new byte[1 << 20];
        new Random(7).NextBytes(piece);
        using var file = File.Create(path);
        for (var i = 0; i < megabytes; i++)
            file.Write(piece);
        return path;
    }
}
