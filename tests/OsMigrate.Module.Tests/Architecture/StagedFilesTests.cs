using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Architecture;

/// <summary>The halves of the staged module bring every assembly they need, and no more than they may.</summary>
public class StagedFilesTests
{
    // What Windows PowerShell 5.1 on .NET Framework 4.7.2 brings itself.
    private static readonly string[] Framework =
    [
        "mscorlib", "netstandard", "System", "System.Core", "System.Management.Automation", "System.Numerics", "System.Xml", "System.Data", "System.Net.Http",
        "System.Runtime.Serialization", "System.IO.Compression", "System.IO.Compression.FileSystem", "System.Xml.Linq", "System.ValueTuple",
    ];

    private static readonly string Staged = Path.GetDirectoryName(Repository.Module)!;

    [Fact]
    public void The_desktop_half_brings_every_assembly_it_needs()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Staged, "desktop"), "*.dll").ToList();
        var present = files.Select(f => Path.GetFileNameWithoutExtension(f)).Concat(Framework).ToHashSet();
        Assert.Empty(files.SelectMany(f => References(f).Where(r => !present.Contains(r.Name)).Select(r => $"{Path.GetFileName(f)} needs {r.Name}")));
    }

    [Fact]
    public void No_assembly_of_the_desktop_half_is_older_than_another_one_needs()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Staged, "desktop"), "*.dll").ToList();
        var versions = files.ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => System.Reflection.AssemblyName.GetAssemblyName(f).Version!);
        Assert.Empty(
            from file in files
            from reference in References(file)
            where versions.TryGetValue(reference.Name, out var version) && version < reference.Version
            select $"{Path.GetFileName(file)} needs {reference.Name} {reference.Version}, {versions[reference.Name]} is there");
    }

    [Fact]
    public void The_half_for_PowerShell_7_needs_nothing_newer_than_its_oldest_runtime()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Staged, "core"), "*.dll", SearchOption.AllDirectories).ToList();
        Assert.Empty(
            from file in files
            from reference in References(file)
            where reference.Name.StartsWith("System.", StringComparison.Ordinal) && reference.Name != "System.Management.Automation" && reference.Version.Major > 8
            select $"{Path.GetFileName(file)} needs {reference.Name} {reference.Version}");
    }

    [Fact]
    public void Nothing_of_PowerShell_itself_is_staged()
        => Assert.Empty(Directory.EnumerateFiles(Staged, "*Automation*", SearchOption.AllDirectories));

    private static List<(string Name, Version Version)> References(string file)
    {
        using var reader = new PEReader(File.OpenRead(file));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetAssemblyReference(h)).Select(r => (metadata.GetString(r.Name), r.Version))];
    }
}
