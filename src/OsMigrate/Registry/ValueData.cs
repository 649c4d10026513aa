using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>Where a value's bytes are: in the value itself, in a cell, or in segments under a big-data cell ("db").</summary>
internal static class ValueData
{
    /// <summary>Before version 1.4 data of any length stands in one cell.</summary>
    public static bool IsSplit(HiveImage image, int length)
        => length > HiveFormat.SegmentLength && BaseBlock.Get(image.Header, BaseBlock.Minor) >= 4;

    public static byte[] Read(HiveImage image, ValueCell value)
    {
        var length = value.DataLength;
        if (value.IsResident)
        {
            return length <= 4
                ? value.ResidentData.Slice(0, length).ToArray()
                : throw image.Fault(value.Offset, $"{length} bytes of value data cannot stand in the value itself");
        }

        if (length == 0)
            return [];
        if (length > image.DataLength)
            throw image.Fault(value.Offset, $"{length} bytes of value data are more than the hive holds");
        if (IsSplit(image, length) && IsBigData(image, value.DataOffset))
            return ReadSegments(image, value.DataOffset, length);
        return image.Cell(value.DataOffset, length, "a value's data").Slice(0, length).ToArray();
    }

    /// <summary>Writes data into new cells; what the value pointed to before is given back.</summary>
    public static void Write(HiveImage image, CellSpace space, ValueCell value, int type, ReadOnlySpan<byte> data)
    {
        if (!value.IsResident && value.DataLength > 4 && data.Length > 4 && !IsSplit(image, Math.Max(value.DataLength, data.Length))
            && image.Content(value.DataOffset, 0, "a value's data") is var room && data.Length <= room && data.Length > room / 2)
        {
            var cell = image.Cell(value.DataOffset, 0, "a value's data");
            cell.Clear();
            data.CopyTo(cell);
            value.Point(data.Length, value.DataOffset);
        }
        else
        {
            Free(image, space, value);
            Place(image, space, value, data);
        }

        value.SetType(type);
    }

    /// <summary>Gives a value's data cells back and leaves it empty.</summary>
    public static void Free(HiveImage image, CellSpace space, ValueCell value)
    {
        var (resident, length, offset) = (value.IsResident, value.DataLength, value.DataOffset);
        value.Point(ValueCell.Resident, 0);
        if (resident || length == 0 || offset == HiveFormat.Nil)
            return;
        if (IsSplit(image, length) && IsBigData(image, offset))
        {
            var list = image.Int32(offset + 8);
            foreach (var segment in Segments(image, offset))
                space.Free(segment);
            space.Free(list);
        }

        space.Free(offset);
    }

    public static bool IsBigData(HiveImage image, int offset)
        => image.Content(offset, 8, "a value's data") >= 8 && image.UInt16(offset + 4) == HiveFormat.Db;

    /// <summary>The cells of a big-data record's segments.</summary>
    public static List<int> Segments(HiveImage image, int offset)
    {
        image.Content(offset, 8, "big data");
        var count = image.UInt16(offset + 6);
        var list = image.Int32(offset + 8);
        if (image.Content(list, 4, "a list of data segments") / 4 < count)
            throw image.Fault(list, $"a list of {count} data segments does not fit into its cell");
        var segments = new List<int>(count);
        for (var i = 0; i < count; i++)
            segments.Add(image.Int32(list + 4 + (4 * i)));
        return segments;
    }

    private static byte[] ReadSegments(HiveImage image, int offset, int length)
    {
        var data = new byte[length];
        var done = 0;
        foreach (var segment in Segments(image, offset))
        {
            var part = Math.Min(HiveFormat.SegmentLength, length - done);
            image.Cell(segment, part, "a data segment").Slice(0, part).CopyTo(data.AsSpan(done));
            done += part;
            if (done == length)
                return data;
        }

        throw image.Fault(offset, $"the segments of big data hold {done} bytes instead of {length}");
    }

    private static void Place(HiveImage image, CellSpace space, ValueCell value, ReadOnlySpan<byte> data)
    {
        if (data.Length <= 4)
        {
            value.Point(ValueCell.Resident | data.Length, 0);
            data.CopyTo(value.ResidentData);
        }
        else if (IsSplit(image, data.Length))
        {
            value.Point(data.Length, PlaceSegments(image, space, data));
        }
        else
        {
            var cell = space.Allocate(data.Length);
            data.CopyTo(image.Cell(cell, data.Length, "a value's data"));
            value.Point(data.Length, cell);
        }
    }

    private static int PlaceSegments(HiveImage image, CellSpace space, ReadOnlySpan<byte> data)
    {
        var count = (data.Length + HiveFormat.SegmentLength - 1) / HiveFormat.SegmentLength;
        if (count > ushort.MaxValue)
            throw new InvalidImageException(ErrorIds.TooLarge, image.Name, -1, $"{data.Length} bytes are too many for one value");
        var list = space.Allocate(4 * count);
        for (var i = 0; i < count; i++)
        {
            var part = data.Slice(i * HiveFormat.SegmentLength, Math.Min(HiveFormat.SegmentLength, data.Length - (i * HiveFormat.SegmentLength)));

            // Four bytes more than needed: hivex and reglookup take a segment to be eight bytes shorter than its cell, and would lose the end of the last one.
            var segment = space.Allocate(part.Length + 4);
            part.CopyTo(image.Cell(segment, part.Length, "a data segment"));
            image.Put32(list + 4 + (4 * i), segment);
        }

        var record = space.Allocate(8);
        image.Put16(record + 4, HiveFormat.Db);
        image.Put16(record + 6, (ushort)count);
        image.Put32(record + 8, list);
        return record;
    }
}
