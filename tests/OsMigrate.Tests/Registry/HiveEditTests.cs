using System.Globalization;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;
using Xunit.Abstractions;

namespace OsMigrate.Tests.Registry;

/// <summary>Random edits of real and new hives: afterwards hivex and reglookup read what must be there, and our own check finds nothing new.</summary>
/// <remarks>OSMIGRATE_TEST_LONG=1 runs 500 sequences instead of a few.</remarks>
public sealed class HiveEditTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Real = ["regipy-SYSTEM_WIN_10_1709", "regipy-SAM", "regipy-SECURITY", "regipy-NTUSER.DAT", "regipy-BCD", "yarp-EmptyHive", "yarp-UnicodeHive", "regipy-UsrClass.dat", "regipy-amcache.hve"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void After_random_edits_other_readers_see_what_must_be_there()
    {
        HivexDump.Require();
        Tool.Require("reglookup");
        Tool.Require("hivexml");
        var count = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1" ? 500 : 8;
        var edits = 0;
        for (var seed = 0; seed < count; seed++)
        {
            // One in three new; the large one rarely, as hivex takes seconds for it.
            var source = seed % 3 == 0 ? null : Real[1 + (seed % (Real.Length - 1))];
            if (seed % 25 == 4)
                source = Real[0];
            edits += Sequence(source, seed, 10 + (seed * 53 % 190));
        }

        output.WriteLine($"{count} sequences, {edits} edits: hivex, hivexml, reglookup and our own check agree with what must be there.");
    }

    private int Sequence(string? source, int seed, int length)
    {
        var what = $"{source ?? "new hive"}, seed {seed}";
        var original = source is null ? Hive.Create().ToArray() : File.ReadAllBytes(SharedData.File("hive/" + source));
        var before = HiveCheck.Run(new MemoryStore(original)).Findings.Where(f => f.Severity == HiveSeverity.Error).Select(f => f.ToString()).ToHashSet(StringComparer.Ordinal);
        var hive = Hive.Load(new MemoryStore(original));
        var model = new RandomHiveEdits(seed, hive);
        model.Run(length);
        var path = _folder.File("edited.hive");
        File.WriteAllBytes(path, hive.ToArray());

        using (var store = FileStore.OpenRead(path))
        {
            Assert.Equal(model.Expected(), HivexDump.Lines(Hive.Load(store)));
            var found = HiveCheck.Run(store).Findings.Where(f => f.Severity == HiveSeverity.Error).Select(f => f.ToString()).Where(f => !before.Contains(f)).ToList();
            Assert.True(found.Count == 0, $"{what}: {string.Join("; ", found.Take(3))}");
        }

        var theirs = HivexDump.Read(path, out var refusal);
        Assert.True(theirs is not null, $"{what}: hivex: {refusal}");
        Assert.True(model.Expected().SequenceEqual(theirs), $"{what}: hivex reads otherwise: {string.Join("; ", theirs.Except(model.Expected()).Take(2))} instead of {string.Join("; ", model.Expected().Except(theirs).Take(2))}");
        var (xml, xmlText) = Tool.Run("hivexml", path);
        Assert.True(xml == 0, $"{what}: hivexml: {xmlText[..Math.Min(200, xmlText.Length)]}");
        var (reg, regText) = Tool.Run("reglookup", path);
        Assert.True(reg == 0 && regText.Split('\n').Count(l => l.Contains(",KEY,", StringComparison.Ordinal)) == model.KeyCount, $"{what}: reglookup: {reg}, {regText.Split('\n').Count(l => l.Contains(",KEY,", StringComparison.Ordinal))} keys instead of {model.KeyCount}");
        return length;
    }
}

/// <summary>A random sequence of edits of a hive, and what must be in it afterwards.</summary>
internal sealed class RandomHiveEdits
{
    private readonly Random _random;
    private readonly Hive _hive;
    private readonly SortedDictionary<string, SortedDictionary<string, (uint Type, string Sum)>> _keys = new(StringComparer.OrdinalIgnoreCase);

    public RandomHiveEdits(int seed, Hive hive)
    {
        (_random, _hive) = (new Random(seed), hive);
        var open = new Stack<(HiveKey Key, string Path)>([(hive.Root, "")]);
        while (open.Count > 0)
        {
            var (key, path) = open.Pop();
            var values = _keys[path] = new(StringComparer.OrdinalIgnoreCase);
            foreach (var value in key.Values)
                values[value.Name] = ((uint)value.Type, Sum(value.Bytes));
            foreach (var sub in key.SubKeys)
                open.Push((sub, $@"{path}\{sub.Name}"));
        }
    }

    public int KeyCount => _keys.Count;

    public List<string> Expected()
    {
        var lines = _keys.SelectMany(static k => k.Value.Select(v => string.Create(CultureInfo.InvariantCulture, $"V {k.Key} [{v.Key}] {v.Value.Type} {v.Value.Sum}")).Prepend("K " + k.Key)).ToList();
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public void Run(int edits)
    {
        for (var i = 0; i < edits; i++)
        {
            switch (_random.Next(10))
            {
                case < 3:
                    // Now and then so many that the list of subkeys splits.
                    var parent = AnyKey();
                    for (var left = _random.Next(15) == 0 ? 700 : 1; left > 0; left--)
                        Create(parent, Name());
                    break;
                case < 7:
                    Set();
                    break;
                case 7:
                    DeleteValue();
                    break;
                default:
                    DeleteKey();
                    break;
            }
        }
    }

    private void Create(string parent, string name)
    {
        var path = $@"{parent}\{name}";
        if (path.Count(static c => c == '\\') > 100)
            return;
        Key(parent).Create(name);
        if (!_keys.ContainsKey(path))
            _keys[path] = new(StringComparer.OrdinalIgnoreCase);
    }

    private void Set()
    {
        var path = AnyKey();
        var name = _random.Next(5) == 0 ? "" : _keys[path].Count > 0 && _random.Next(2) == 0 ? _keys[path].Keys.ElementAt(_random.Next(_keys[path].Count)) : Name();
        // Up to 4 bytes lie in the value's own cell, above 16344 in a list of pieces.
        var data = new byte[_random.Next(6) switch { 0 => _random.Next(5), 1 => 16_300 + _random.Next(100), 2 => _random.Next(60_000), _ => _random.Next(300) }];
        _random.NextBytes(data);
        var type = (RegistryValueType)_random.Next(12);
        Key(path).Set(name, type, data);
        // A value that is there keeps the spelling of its name.
        _keys[path][name] = ((uint)type, Sum(data));
    }

    private void DeleteValue()
    {
        var path = AnyKey();
        if (_keys[path].Count == 0)
            return;
        var name = _keys[path].Keys.ElementAt(_random.Next(_keys[path].Count));
        Key(path).DeleteValue(name);
        _keys[path].Remove(name);
    }

    private void DeleteKey()
    {
        var path = AnyKey();
        if (path.Length == 0)
            return;
        Key(path).Delete();
        foreach (var gone in _keys.Keys.Where(k => k.Equals(path, StringComparison.OrdinalIgnoreCase) || k.StartsWith(path + "\\", StringComparison.OrdinalIgnoreCase)).ToList())
            _keys.Remove(gone);
    }

    private HiveKey Key(string path) => path.Length == 0 ? _hive.Root : _hive.Find(path[1..])!;

    private string AnyKey() => _keys.Keys.ElementAt(_random.Next(_keys.Count));

    private string Name() => _random.Next(5) switch
    {
        0 => $"Żółw {_random.Next(5000)}",
        1 => $"{{{new Guid(Enumerable.Range(0, 16).Select(_ => (byte)_random.Next(256)).ToArray())}}}",
        2 => new string('n', _random.Next(1, 120)) + _random.Next(1000),
        _ => $"Key{_random.Next(100_000)}",
    };

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));
}
