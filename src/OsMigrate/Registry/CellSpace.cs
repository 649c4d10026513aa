namespace OsMigrate.Registry;

/// <summary>Takes and gives back cells: free ones are used again and joined, and the hive grows by whole bins.</summary>
/// <remarks>Built at the first edit; it needs a chain of bins and cells without a fault.</remarks>
internal sealed class CellSpace
{
    private readonly HiveImage _image;
    private readonly List<int> _binStarts = [];
    private readonly SortedSet<(int Size, int Offset)> _free = [];
    private readonly Dictionary<int, int> _freeByEnd = [];

    public CellSpace(HiveImage image)
    {
        _image = image;
        for (var bin = 0; bin < image.DataLength;)
        {
            var size = CheckedBin(bin);
            _binStarts.Add(bin);
            for (var cell = bin + HiveFormat.BinHeaderLength; cell < bin + size;)
            {
                if (!image.TryCell(cell, out var length) || Math.Abs(length) > bin + size - cell || (length & 7) != 0)
                    throw image.Fault(cell, "a cell's size breaks its hive bin, so the hive cannot be edited");
                if (length > 0)
                    Remember(cell, length);
                cell += Math.Abs(length);
            }

            bin += size;
        }
    }

    /// <summary>A used cell with room for this many bytes, all zero. Spans into the hive are void afterwards.</summary>
    public int Allocate(int contentLength)
    {
        var size = (contentLength + 4 + 7) & ~7;
        var fit = _free.GetViewBetween((size, 0), (int.MaxValue, int.MaxValue)).Min;
        if (fit.Size == 0)
            fit = Grow(size);
        Forget(fit.Offset, fit.Size);
        if (fit.Size - size >= 8)
            PutFree(fit.Offset + size, fit.Size - size);
        else
            size = fit.Size;
        _image.Put32(fit.Offset, -size);
        _image.Span(fit.Offset + 4, size - 4).Clear();
        return fit.Offset;
    }

    /// <summary>Gives a cell back and joins it with free neighbours in its bin.</summary>
    public void Free(int offset)
    {
        var size = _image.Content(offset, 0, "a used cell") + 4;
        var (binStart, binEnd) = BinOf(offset);
        if (size > binEnd - offset)
            throw _image.Fault(offset, "a cell reaches past its hive bin, so the hive cannot be edited");
        if (offset > binStart + HiveFormat.BinHeaderLength && _freeByEnd.TryGetValue(offset, out var before))
        {
            Forget(before, offset - before);
            size += offset - before;
            offset = before;
        }

        var next = offset + size;
        if (next < binEnd && _image.Int32(next) is > 0 and var following)
        {
            Forget(next, following);
            size += following;
        }

        PutFree(offset, size);
    }

    private (int Size, int Offset) Grow(int size)
    {
        var start = _image.DataLength;
        var binSize = (size + HiveFormat.BinHeaderLength + HiveFormat.BinUnit - 1) / HiveFormat.BinUnit * HiveFormat.BinUnit;
        _image.Resize(start + binSize);
        BaseBlock.Put(_image.Header, BaseBlock.DataLength, start + binSize);
        PutBin(_image, start, binSize);
        _binStarts.Add(start);
        PutFree(start + HiveFormat.BinHeaderLength, binSize - HiveFormat.BinHeaderLength);
        return (binSize - HiveFormat.BinHeaderLength, start + HiveFormat.BinHeaderLength);
    }

    /// <summary>Writes the header of a hive bin.</summary>
    public static void PutBin(HiveImage image, int start, int size)
    {
        image.Put32(start, 0x6E696268);
        image.Put32(start + 4, start);
        image.Put32(start + 8, size);
    }

    private int CheckedBin(int bin)
    {
        if (_image.DataLength - bin < HiveFormat.BinHeaderLength || _image.Int32(bin) != 0x6E696268)
            throw _image.Fault(bin, "no hive bin begins here, so the hive cannot be edited");
        var size = _image.Int32(bin + 8);
        if (size <= 0 || size % HiveFormat.BinUnit != 0 || size > _image.DataLength - bin)
            throw _image.Fault(bin, $"a hive bin of {size} bytes does not fit, so the hive cannot be edited");
        return size;
    }

    private (int Start, int End) BinOf(int offset)
    {
        var i = _binStarts.BinarySearch(offset);
        i = i >= 0 ? i : ~i - 1;
        return (_binStarts[i], i + 1 < _binStarts.Count ? _binStarts[i + 1] : _image.DataLength);
    }

    private void PutFree(int offset, int size)
    {
        _image.Put32(offset, size);
        Remember(offset, size);
    }

    private void Remember(int offset, int size)
    {
        _free.Add((size, offset));
        _freeByEnd[offset + size] = offset;
    }

    private void Forget(int offset, int size)
    {
        _free.Remove((size, offset));
        _freeByEnd.Remove(offset + size);
    }
}
