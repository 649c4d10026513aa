using OsMigrate.Bytes;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>A parser of a text file.</summary>
/// <param name="name">As on the command line.</param>
/// <param name="parse">Parses it as far as it goes.</param>
/// <param name="samples">Well-formed text.</param>
/// <param name="extensions">Real files that are good as seeds too.</param>
internal sealed class TextTarget(string name, Action<ByteStore> parse, string[] samples, params string[] extensions) : FuzzTarget
{
    private const int MaxRealSize = 64 << 10;
    private const int MaxRealFiles = 60;

    public override string Name => name;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get(name, path =>
    {
        for (var i = 0; i < samples.Length; i++)
            File.WriteAllText(Path.Combine(path, $"own-{i}"), samples[i]);
        if (extensions.Length > 0)
            RealFiles.Copy(RealFiles.All(MaxRealSize, extensions), path, MaxRealFiles);
    });

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        parse(new InputStore(bytes, length, "input"));
        return true;
    }
}
