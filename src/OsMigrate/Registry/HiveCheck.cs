using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>The full check of a hive: header, bins, every cell, every key, list, value and security cell.</summary>
/// <remarks>Public readers accept wrong hashes, lists out of order and unequal sequence numbers; Windows does not.</remarks>
public static class HiveCheck
{
    /// <summary>Checks a file as it is, without its logs. A file that is no hive at all gives a finding, not an exception.</summary>
    /// <exception cref="InvalidImageException">The file is too short or too large to be a hive.</exception>
    public static HiveReport Run(ByteStore store)
    {
        var image = HiveLoader.ReadImage(store);
        var stated = BaseBlock.Get(image.Header, BaseBlock.DataLength);
        if (stated > 0)
            image.DataLength = Math.Min(image.DataLength, stated & ~7);
        return Run(image);
    }

    /// <summary>Checks a hive in memory, with its edits and replayed logs.</summary>
    public static HiveReport Run(Hive hive) => Run(hive.Image);

    internal static HiveReport Run(HiveImage image)
    {
        var findings = new HiveFindings(image.Name);
        if (!HeaderCheck.Run(image, findings))
            return findings.Report(image, new CheckedCells(image, findings), keys: 0, values: 0);
        var cells = new CheckedCells(image, findings);
        cells.ReadBins();
        var security = new SecurityCheck(image, cells, findings);
        var tree = new KeyTreeCheck(image, cells, security, findings);
        tree.Run();
        security.Run();
        cells.NoteLeaks();
        return findings.Report(image, cells, tree.KeyCount, tree.ValueCount);
    }
}
