namespace OsMigrate.Registry;

/// <summary>The cells a check found by going through the bins, and which of them something points to.</summary>
internal sealed class CheckedCells(HiveImage image, HiveFindings findings)
{
    private enum Mark : byte
    {
        None,
        Free,
        Used,
        Reached,
    }

    // One place for each eight bytes.
    private readonly Mark[] _marks = new Mark[(image.DataLength / 8) + 1];

    public long FreeBytes { get; private set; }

    public long LeakedBytes { get; private set; }

    /// <summary>Goes through all bins and cells. Stops at a break of the chain: nothing behind it can be trusted.</summary>
    public void ReadBins()
    {
        for (var bin = 0; bin < image.DataLength;)
        {
            if (image.DataLength - bin < HiveFormat.BinHeaderLength || image.Int32(bin) != 0x6E696268)
            {
                findings.Error(bin, "no hive bin begins here");
                return;
            }

            var size = image.Int32(bin + 8);
            if (size <= 0 || size % HiveFormat.BinUnit != 0 || size > image.DataLength - bin)
            {
                findings.Error(bin, $"a hive bin of {size} bytes does not fit");
                return;
            }

            if (image.Int32(bin + 4) != bin)
                findings.Error(bin, $"a hive bin gives its own offset as {image.Int32(bin + 4)}");
            ReadCells(bin + HiveFormat.BinHeaderLength, bin + size);
            bin += size;
        }
    }

    /// <summary>Notes that something points to a cell; false when it is not a used cell or something else points to it already.</summary>
    public bool Reach(int offset, int minimum, string what, CheckedKey? key)
    {
        if (offset < 0 || (offset & 7) != 0 || offset >= image.DataLength || _marks[offset / 8] == Mark.None)
        {
            findings.Error(Math.Max(offset, -HiveFormat.BaseBlockLength), $"{what} is at an offset ({offset}) where no cell begins", key);
            return false;
        }

        if (_marks[offset / 8] != Mark.Used)
        {
            findings.Error(offset, _marks[offset / 8] == Mark.Free ? $"{what} is in a free cell" : $"{what} shares a cell with something else", key);
            return false;
        }

        _marks[offset / 8] = Mark.Reached;
        if (-image.Int32(offset) - 4 >= minimum)
            return true;
        findings.Error(offset, $"{what} does not fit into its cell of {-image.Int32(offset) - 4} bytes", key);
        return false;
    }

    /// <summary>True when a used cell begins here, whether reached or not.</summary>
    public bool IsUsed(int offset) => offset >= 0 && (offset & 7) == 0 && offset < image.DataLength && _marks[offset / 8] >= Mark.Used;

    /// <summary>Remarks on used cells that nothing points to.</summary>
    public void NoteLeaks()
    {
        var (count, first) = (0, 0);
        for (var i = 0; i < _marks.Length; i++)
        {
            if (_marks[i] != Mark.Used)
                continue;
            if (count++ == 0)
                first = i * 8;
            LeakedBytes -= image.Int32(i * 8);
        }

        if (count > 0)
            findings.Add(HiveSeverity.Remark, HiveFormat.BaseBlockLength + (long)first, $"nothing points to {count} used cells ({LeakedBytes} bytes); this is the first of them");
    }

    private void ReadCells(int start, int end)
    {
        for (var cell = start; cell < end;)
        {
            var size = image.Int32(cell);
            var length = Math.Abs((long)size);
            if (length < 8 || (length & 7) != 0 || length > end - cell)
            {
                findings.Error(cell, $"a cell of {length} bytes breaks its hive bin");
                return;
            }

            _marks[cell / 8] = size > 0 ? Mark.Free : Mark.Used;
            if (size > 0)
                FreeBytes += size;
            cell += (int)length;
        }
    }
}
