namespace OsMigrate.Registry;

/// <summary>One entry of a list of subkeys.</summary>
/// <param name="Position">Where the entry is.</param>
/// <param name="Signature">Of the list it is in.</param>
/// <param name="Hash">What the entry notes about the name; 0 in lists that note nothing.</param>
internal readonly record struct SubKeyEntry(int Position, ushort Signature, int Key, uint Hash);

/// <summary>Checks the lists of subkeys and what they note about names.</summary>
internal sealed class SubKeyListCheck(HiveImage image, CheckedCells cells, HiveFindings findings)
{
    public List<SubKeyEntry> Read(KeyCell key, CheckedKey at)
    {
        var entries = new List<SubKeyEntry>();
        if (key.SubKeyList == HiveFormat.Nil || key.SubKeyCount == 0)
            return entries;
        if (!cells.Reach(key.SubKeyList, 4, "a list of subkeys", at))
            return entries;
        if (image.UInt16(key.SubKeyList + 4) != HiveFormat.Ri)
        {
            ReadLeaf(key.SubKeyList, at, entries);
            return entries;
        }

        var count = image.UInt16(key.SubKeyList + 6);
        if (count > (-image.Int32(key.SubKeyList) - 8) / 4)
        {
            findings.Error(key.SubKeyList, $"an index root of {count} lists does not fit into its cell", at);
            return entries;
        }

        for (var i = 0; i < count; i++)
        {
            var leaf = image.Int32(key.SubKeyList + 8 + (4 * i));
            if (cells.Reach(leaf, 4, "a list of subkeys", at))
                ReadLeaf(leaf, at, entries);
        }

        return entries;
    }

    public void CheckHash(SubKeyEntry entry, CheckedKey key)
    {
        var right = entry.Signature switch
        {
            HiveFormat.Lh => HiveNames.Hash(key.Name),
            HiveFormat.Lf => HiveNames.Hint(key.Name),
            _ => 0u,
        };
        if (entry.Hash != right)
            findings.Error(entry.Position, $"the list of subkeys notes {entry.Hash:x8} for this name instead of {right:x8}", key);
    }

    private void ReadLeaf(int leaf, CheckedKey at, List<SubKeyEntry> entries)
    {
        var signature = image.UInt16(leaf + 4);
        if (signature is not (HiveFormat.Lf or HiveFormat.Lh or HiveFormat.Li))
        {
            findings.Error(leaf, "the cell is not a list of subkeys (lf, lh, li)", at);
            return;
        }

        var width = signature == HiveFormat.Li ? 4 : 8;
        var count = image.UInt16(leaf + 6);
        if (count > (-image.Int32(leaf) - 8) / width)
        {
            findings.Error(leaf, $"a list of {count} subkeys does not fit into its cell", at);
            return;
        }

        if (count == 0)
            findings.Error(leaf, "a list of subkeys is empty", at);
        for (var i = 0; i < count; i++)
        {
            var position = leaf + 8 + (i * width);
            entries.Add(new SubKeyEntry(position, signature, image.Int32(position), width == 8 ? unchecked((uint)image.Int32(position + 4)) : 0));
        }
    }
}
