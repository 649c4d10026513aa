namespace OsMigrate.Registry;

/// <summary>Security cells ("sk") are shared by keys, counted, and linked in a ring.</summary>
internal static class SecurityCells
{
    public const int FixedLength = 20;

    /// <summary>One more key uses the cell.</summary>
    public static void AddReference(HiveImage image, int offset)
    {
        Check(image, offset);
        image.Put32(offset + 16, image.Int32(offset + 16) + 1);
    }

    /// <summary>One key less uses the cell; the last one takes it out of the ring.</summary>
    public static void Release(HiveImage image, CellSpace space, int offset)
    {
        if (offset == HiveFormat.Nil)
            return;
        Check(image, offset);
        var left = image.Int32(offset + 16) - 1;
        if (left > 0)
        {
            image.Put32(offset + 16, left);
            return;
        }

        var (next, previous) = (image.Int32(offset + 8), image.Int32(offset + 12));
        Check(image, next);
        Check(image, previous);
        image.Put32(previous + 8, next);
        image.Put32(next + 12, previous);
        space.Free(offset);
    }

    /// <summary>A first security cell, linked to itself, used by nothing yet.</summary>
    public static int Create(HiveImage image, CellSpace space, byte[] descriptor)
    {
        var offset = space.Allocate(FixedLength + descriptor.Length);
        image.Put16(offset + 4, HiveFormat.Sk);
        image.Put32(offset + 8, offset);
        image.Put32(offset + 12, offset);
        image.Put32(offset + 20, descriptor.Length);
        descriptor.CopyTo(image.Span(offset + 24, descriptor.Length));
        return offset;
    }

    private static void Check(HiveImage image, int offset)
    {
        image.Content(offset, FixedLength, "a security descriptor");
        if (image.UInt16(offset + 4) != HiveFormat.Sk)
            throw image.Fault(offset, "the cell is not a security descriptor (sk)");
    }
}
