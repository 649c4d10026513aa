namespace OsMigrate.Registry;

/// <summary>The list of a key's values: a plain row of cell offsets.</summary>
internal static class ValueList
{
    /// <summary>The cells of the values. Windows reads past places that hold no value; so does this.</summary>
    public static List<int> Read(HiveImage image, KeyCell key)
    {
        var cells = new List<int>();
        var count = key.ValueCount;
        if (count == 0 || key.ValueList == HiveFormat.Nil)
            return cells;
        var room = image.Content(key.ValueList, 4, "a list of values") / 4;
        if (count < 0 || count > room)
            throw image.Fault(key.ValueList, $"a list of {(uint)count} values does not fit into its cell");
        for (var i = 0; i < count; i++)
            cells.Add(image.Int32(key.ValueList + 4 + (4 * i)));
        return cells;
    }

    /// <summary>Appends a value and counts it.</summary>
    public static void Add(HiveImage image, CellSpace space, KeyCell key, int value)
    {
        var count = key.ValueCount;
        if (count == 0 || key.ValueList == HiveFormat.Nil)
        {
            key.ValueList = space.Allocate(4);
            count = 0;
        }
        else if (image.Content(key.ValueList, 4, "a list of values") < 4 * (count + 1))
        {
            var old = key.ValueList;
            var larger = space.Allocate(4 * (count + 1 + (count / 16)));
            image.Span(old + 4, 4 * count).CopyTo(image.Span(larger + 4, 4 * count));
            key.ValueList = larger;
            space.Free(old);
        }

        image.Put32(key.ValueList + 4 + (4 * count), value);
        key.ValueCount = count + 1;
    }

    /// <summary>Takes a value out of the list; the value's own cells stay.</summary>
    public static void Remove(HiveImage image, CellSpace space, KeyCell key, int value)
    {
        var cells = Read(image, key);
        var index = cells.IndexOf(value);
        var from = key.ValueList + 4 + (4 * index);
        var after = 4 * (cells.Count - index - 1);
        image.Span(from + 4, after).CopyTo(image.Span(from, after));
        key.ValueCount = cells.Count - 1;
        if (cells.Count > 1)
            return;
        space.Free(key.ValueList);
        key.ValueList = HiveFormat.Nil;
    }
}
