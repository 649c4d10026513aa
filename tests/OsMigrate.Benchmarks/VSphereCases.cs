using System.Globalization;

namespace OsMigrate.Benchmarks;

/// <summary>Copies out of the vCenter simulator beside a plain download; left out where none was built (OSMIGRATE_TEST_VCENTER). The simulator works on the same processors, and its time counts on both sides.</summary>
internal sealed class VSphereCases(SourceImages images, string work, int rounds)
{
    private const int Connections = 8;
    private const long MaxPeak = 250_000_000;

    public IEnumerable<(Benchmark Case, Measurement Result)> Measure(string? only)
    {
        if (only is not null && !"vsphere lease ranges memory".Contains(only, StringComparison.OrdinalIgnoreCase))
            yield break;
        if (VCenter.Program is null)
        {
            Console.Error.WriteLine("OSMIGRATE_TEST_VCENTER names no simulator (tests/peers/vcenter/build.sh builds one): copies out of vSphere are left out");
            yield break;
        }

        var disk = images.Raw();
        using var vcenter = VCenter.Start(disk, 4);
        // The host makes its stream once, before anything is measured.
        Ours(vcenter, "plain", 4);
        yield return Pair("vSphere, lease -> compressed QCOW2, the whole job", "download, then qemu-img convert -c", 10, () => Ours(vcenter, "lease"), () => DownloadAndConvert(vcenter));
        yield return Pair("vSphere, ranges -> the job's folder", $"curl with {Connections} connections", 1 / 1.3, () => Ours(vcenter, "range"), () => Curl(vcenter, new FileInfo(disk).Length));
        foreach (var way in new[] { "lease", "range" })
            yield return Memory(vcenter, way);
        if (ExternalTool.Find("mke2fs") is null)
        {
            Console.Error.WriteLine("no mke2fs: free space that is left out is not measured");
            yield break;
        }

        var worn = images.Worn();
        using var other = VCenter.Start(worn, 1);
        yield return Pair("vSphere, ranges of a disk a quarter full -> the job's folder", $"curl with {Connections} connections", 1.5, () => Ours(other, "range"), () => Curl(other, new FileInfo(worn).Length));
    }

    private (Benchmark Case, Measurement Result) Pair(string name, string theirName, double speedup, Func<ExternalTool.Result> ours, Func<ExternalTool.Result> theirs)
    {
        Console.Error.Write(name);
        List<ExternalTool.Result> our = [], their = [];
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
                our.Add(Clean(ours));
            their.Add(Clean(theirs));
            if (round % 2 == 1)
                our.Add(Clean(ours));
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $" {our[^1].Seconds:f2}/{their[^1].Seconds:f2}"));
        }

        Console.Error.WriteLine();
        return (new Benchmark(name, images.Raw, "") { Ours = [], TheirName = theirName, MinSpeedup = speedup }, new Measurement
        {
            OurSeconds = Median(our), TheirSeconds = Median(their), OurRange = (our.Min(r => r.Seconds), our.Max(r => r.Seconds)), TheirRange = (their.Min(r => r.Seconds), their.Max(r => r.Seconds)),
            CpuSeconds = (our.Select(r => r.CpuSeconds).Order().ElementAt(our.Count / 2), their.Select(r => r.CpuSeconds).Order().ElementAt(their.Count / 2)),
            OurPeakBytes = our.Max(r => r.PeakBytes), TheirPeakBytes = their.Max(r => r.PeakBytes),
        });
    }

    private (Benchmark Case, Measurement Result) Memory(VCenter vcenter, string way)
    {
        var name = $"vSphere, four machines at once by {way}";
        Console.Error.WriteLine(name);
        var result = Clean(() => Ours(vcenter, way, 4));
        return (new Benchmark(name, images.Raw, "") { Ours = [], MaxPeakBytes = MaxPeak }, new Measurement
        {
            OurSeconds = result.Seconds, OurRange = (result.Seconds, result.Seconds), CpuSeconds = (result.CpuSeconds, 0), OurPeakBytes = result.PeakBytes,
        });
    }

    private ExternalTool.Result Ours(VCenter vcenter, string way, int machines = 1)
    {
        var result = Checked(ExternalTool.Run([.. Self(), VSphereChild.Switch, way, vcenter.Address, Target, machines.ToString(CultureInfo.InvariantCulture)]), "we");
        var parts = result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return result with { Seconds = double.Parse(parts[0], CultureInfo.InvariantCulture), PeakBytes = Math.Max(result.PeakBytes, long.Parse(parts[1], CultureInfo.InvariantCulture)) };
    }

    private ExternalTool.Result DownloadAndConvert(VCenter vcenter)
    {
        var download = Ours(vcenter, "plain");
        var convert = Checked(ExternalTool.Run("qemu-img", "convert", "-c", "-O", "qcow2", Path.Combine(Target, "m0", "stream.vmdk"), Path.Combine(Target, "m0", "disk.qcow2")), "qemu-img");
        return convert with { Seconds = download.Seconds + convert.Seconds, CpuSeconds = download.CpuSeconds + convert.CpuSeconds };
    }

    private ExternalTool.Result Curl(VCenter vcenter, long length)
    {
        Directory.CreateDirectory(Target);
        var config = Path.Combine(Target, "curl.conf");
        var part = (length + Connections - 1) / Connections;
        File.WriteAllLines(config, Enumerable.Range(0, Connections).SelectMany(n => (string[])
        [
            $"url = \"https://{vcenter.Address}/folder/m0/m0-flat.vmdk?dcPath=DC0&dsName=LocalDS_0\"", string.Create(CultureInfo.InvariantCulture, $"range = {n * part}-{Math.Min(length, (n + 1) * part) - 1}"),
            $"output = \"{Path.Combine(Target, "part" + n)}\"", $"user = \"{VCenter.User}:{VCenter.Password}\"", "insecure", "silent", "show-error", "fail", "next",
        ]).SkipLast(1));
        return Checked(ExternalTool.Run("curl", "--parallel", "--parallel-max", Connections.ToString(CultureInfo.InvariantCulture), "--parallel-immediate", "--config", config), "curl");
    }

    private string Target => Path.Combine(work, "vsphere");

    private ExternalTool.Result Clean(Func<ExternalTool.Result> run)
    {
        if (Directory.Exists(Target))
            Directory.Delete(Target, recursive: true);
        if (ExternalTool.Find("sync") is not null)
            ExternalTool.Run("sync");
        return run();
    }

    private static ExternalTool.Result Checked(ExternalTool.Result result, string who)
        => result.ExitCode == 0 ? result : throw new InvalidOperationException($"{who} failed: {result.Error.Split('\n')[0]}");

    private static string[] Self() => Environment.ProcessPath is { } path && !Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.Ordinal) ? [path] : ["dotnet", typeof(VSphereCases).Assembly.Location];

    private static double Median(List<ExternalTool.Result> results) => results.Select(r => r.Seconds).Order().ElementAt(results.Count / 2);
}
