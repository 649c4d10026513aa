using System.Diagnostics;
using System.Globalization;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Benchmarks;

/// <summary>One conversion by us in a process of its own, so that its peak memory is its own too.</summary>
/// <remarks>
/// Time runs from the call to its return, compilation of the code on first use included; the start of the runtime is not, since a cmdlet
/// runs in an engine that is there already.
/// </remarks>
internal static class ChildRun
{
    public const string Switch = "--child";

    /// <summary>SOURCE TARGET FORMAT COMPRESSION verify|blind CHECKSUMS; prints seconds and peak bytes.</summary>
    public static int Execute(string[] arguments)
    {
        try
        {
            var clock = Stopwatch.StartNew();
            Convert(arguments);
            var seconds = clock.Elapsed.TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:f4} {PeakMemory.Of(Environment.ProcessId)}"));
            return 0;
        }
        catch (OsMigrate.Bytes.OsMigrateException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static void Convert(string[] arguments)
    {
        var target = DiskFormats.Find(arguments[2]) ?? throw new ArgumentException("no such format: " + arguments[2]);
        using var source = DiskFormats.OpenFile(arguments[0]);
        var options = new EncodeOptions
        {
            Compression = Enum.Parse<Compression>(arguments[3]),
            Verify = string.Equals(arguments[4], "verify", StringComparison.Ordinal),
        };
        if (Enum.TryParse<ChecksumKinds>(arguments[5], ignoreCase: false, out var kinds))
            options = options with { Checksums = kinds };
        DiskConversion.Run(source, arguments[1], target, options, overwrite: true);
    }
}
