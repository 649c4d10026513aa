namespace OsMigrate.Registry;

/// <summary>Checks a key's list of values, the values and their data.</summary>
internal sealed class ValueCheck(HiveImage image, CheckedCells cells, HiveFindings findings)
{
    public int Count { get; private set; }

    public void Run(KeyCell key, CheckedKey at)
    {
        if (key.ValueCount == 0)
            return;
        if (key.ValueCount < 0 || key.ValueCount > image.DataLength / 4)
        {
            findings.Error(key.Offset, $"the key counts {(uint)key.ValueCount} values", at);
            return;
        }

        if (!cells.Reach(key.ValueList, 4 * key.ValueCount, "the list of values", at))
            return;
        var (longestName, longestData) = (0, 0);
        var names = new HashSet<string>(NameComparer.Instance);
        for (var i = 0; i < key.ValueCount; i++)
        {
            var offset = image.Int32(key.ValueList + 4 + (4 * i));
            if (!IsValue(offset, at))
                continue;
            var value = ValueCell.At(image, offset);
            Count++;
            longestName = Math.Max(longestName, value.WideNameLength);
            longestData = Math.Max(longestData, value.DataLength);
            if (!names.Add(value.Name))
                findings.Error(offset, $"the key has two values named '{value.Name}'", at);
            CheckData(value, at);
        }

        if (longestName > key.LongestValueName)
            findings.Error(key.Offset, $"the longest name of a value has {longestName} bytes, but {(uint)key.LongestValueName} are noted", at);
        if (longestData > key.LongestValueData)
            findings.Error(key.Offset, $"the longest data of a value has {longestData} bytes, but {(uint)key.LongestValueData} are noted", at);
    }

    private bool IsValue(int offset, CheckedKey at)
    {
        if (!cells.Reach(offset, ValueCell.FixedLength, "a value", at))
            return false;
        if (image.UInt16(offset + 4) != HiveFormat.Vk)
        {
            findings.Error(offset, "the cell is not a value (vk)", at);
            return false;
        }

        if (image.UInt16(offset + 6) <= -image.Int32(offset) - 4 - ValueCell.FixedLength)
            return true;
        findings.Error(offset, "a value's name reaches past its cell", at);
        return false;
    }

    private void CheckData(ValueCell value, CheckedKey at)
    {
        var length = value.DataLength;
        if (value.IsResident)
        {
            if (length > 4)
                findings.Error(value.Offset, $"{length} bytes of value data cannot stand in the value itself", at);
            return;
        }

        if (length == 0)
            return;
        if (!ValueData.IsSplit(image, length) || !cells.IsUsed(value.DataOffset) || image.UInt16(value.DataOffset + 4) != HiveFormat.Db)
        {
            cells.Reach(value.DataOffset, length, "a value's data", at);
            return;
        }

        if (cells.Reach(value.DataOffset, 8, "big data", at))
            CheckSegments(value, at);
    }

    private void CheckSegments(ValueCell value, CheckedKey at)
    {
        var count = image.UInt16(value.DataOffset + 6);
        var list = image.Int32(value.DataOffset + 8);
        var left = value.DataLength;
        if (!cells.Reach(list, 4 * count, "the list of data segments", at))
            return;
        for (var i = 0; i < count; i++)
        {
            var part = Math.Min(HiveFormat.SegmentLength, left);
            if (left == 0)
                findings.Error(list, "big data has more segments than its length needs", at);
            cells.Reach(image.Int32(list + 4 + (4 * i)), part, "a data segment", at);
            left -= part;
        }

        if (left > 0)
            findings.Error(value.DataOffset, $"{left} bytes of big data are missing", at);
    }

    private sealed class NameComparer : IEqualityComparer<string>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals(string? x, string? y) => HiveNames.Same(x!, y!);

        public int GetHashCode(string name) => unchecked((int)HiveNames.Hash(name));
    }
}
