namespace OsMigrate.Bytes;

/// <summary>Is a run of bytes all zero? Vectorised by the runtime.</summary>
public static class Zeros
{
    public static bool AreAll(ReadOnlySpan<byte> data)
    {
#if NETSTANDARD2_0
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
        {
            if (word != 0)
                return false;
        }

        foreach (var value in data.Slice(words.Length * 8))
        {
            if (value != 0)
                return false;
        }

        return true;
#else
        return data.IndexOfAnyExcept((byte)0) < 0;
#endif
    }
}
