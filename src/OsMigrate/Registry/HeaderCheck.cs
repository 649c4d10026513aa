namespace OsMigrate.Registry;

/// <summary>Checks the 4096 bytes before the first hive bin.</summary>
internal static class HeaderCheck
{
    /// <returns>False when it makes no sense to go on.</returns>
    public static bool Run(HiveImage image, HiveFindings findings)
    {
        var header = image.Header;
        if (!BaseBlock.HasSignature(header))
        {
            findings.Add(HiveSeverity.Error, 0, "this is not a registry hive: the signature 'regf' is missing");
            return false;
        }

        if (!BaseBlock.HasRightSum(header))
            findings.Add(HiveSeverity.Error, BaseBlock.Checksum, $"the header's checksum is {(uint)BaseBlock.Get(header, BaseBlock.Checksum):x8} instead of {BaseBlock.Sum(header):x8}");
        if (!BaseBlock.IsComplete(header))
            findings.Add(HiveSeverity.Error, BaseBlock.PrimarySequence, $"the sequence numbers differ ({(uint)BaseBlock.Get(header, BaseBlock.PrimarySequence)} and {(uint)BaseBlock.Get(header, BaseBlock.SecondarySequence)}): the hive was not written out completely");
        var (major, minor) = (BaseBlock.Get(header, BaseBlock.Major), BaseBlock.Get(header, BaseBlock.Minor));
        if (major != 1 || minor is < 2 or > 6)
        {
            findings.Add(HiveSeverity.Error, BaseBlock.Major, $"version {(uint)major}.{(uint)minor} is not known");
            return false;
        }

        if (BaseBlock.Get(header, BaseBlock.FileType) != 0 || BaseBlock.Get(header, BaseBlock.FileFormat) != 1)
            findings.Add(HiveSeverity.Error, BaseBlock.FileType, "the header is not that of a primary file");
        var stated = BaseBlock.Get(header, BaseBlock.DataLength);
        if (stated <= 0 || stated % HiveFormat.BinUnit != 0)
            findings.Add(HiveSeverity.Error, BaseBlock.DataLength, $"hive bins of {(uint)stated} bytes cannot be");
        else if (stated > image.DataLength)
            findings.Add(HiveSeverity.Error, BaseBlock.DataLength, $"the hive bins have {stated} bytes, but the file ends after {image.DataLength} of them");
        return stated > 0;
    }
}
