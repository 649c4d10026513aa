using System.Diagnostics;
using System.Text;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.Tests.OpenStack.Clouds;

public class YamlSettingsTests
{
    [Fact]
    public void Anchors_and_merge_keys_work_as_YAML_says()
    {
        var map = YamlSettings.Read("base: &b {a: 1, c: 3}\nother: &o {a: 9, d: 4}\nall: {<<: [*b, *o], a: 2}\nshort: {<<: *b}", "t");
        Assert.Equal(("2", "3", "4"), (map.Map("all")!.Text("a"), map.Map("all")!.Text("c"), map.Map("all")!.Text("d")));
        Assert.Equal("1", map.Map("short")!.Text("a"));
    }

    [Theory]
    [InlineData("a: ~")]
    [InlineData("a:")]
    [InlineData("a: null")]
    [InlineData("a: ''")]
    public void Nothing_is_no_text(string text) => Assert.Null(YamlSettings.Read(text, "t").Text("a"));

    [Fact]
    public void Json_is_read_too() => Assert.Equal("x", YamlSettings.Read("{\"clouds\": {\"a\": {\"b\": \"x\"}}}", "t").Map("clouds")!.Map("a")!.Text("b"));

    [Theory]
    [InlineData("a: !!python/object/apply:os.system [canary]")]
    [InlineData("a: &x [*x]")]
    [InlineData("a: *missing")]
    [InlineData("- canary")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("[a]: 1")]
    [InlineData("a: \"canary")]
    [InlineData("a: 1\n\tcanary: 1")]
    public void Bad_files_are_refused_without_repeating_them(string text)
    {
        var error = Assert.Throws<OsMigrateException>(() => YamlSettings.Read(text, "clouds.yaml"));
        Assert.Equal(ErrorIds.CloudFile, error.ErrorId);
        Assert.Contains("clouds.yaml", error.Message);
        Assert.DoesNotContain("canary", error.Message);
    }

    [Fact]
    public void Bombs_are_defused()
    {
        var laughs = new StringBuilder("a0: &a0 {x: y}\n");
        for (var i = 1; i < 40; i++)
            laughs.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        var merges = new StringBuilder("m0: &m0 {");
        merges.AppendJoin(", ", Enumerable.Range(0, 1000).Select(i => $"k{i}: v")).Append("}\n");
        for (var i = 1; i < 1000; i++)
            merges.Append($"m{i}: &m{i} {{<<: *m{i - 1}}}\n");
        var clock = Stopwatch.StartNew();
        Assert.Equal(40, YamlSettings.Read(laughs.ToString(), "t").Count);
        Assert.Throws<OsMigrateException>(() => YamlSettings.Read(merges.ToString(), "t"));
        Assert.Throws<OsMigrateException>(() => YamlSettings.Read(new string('[', 5000), "t"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        var original = Encoding.UTF8.GetBytes("clouds:\n  lab: &l\n    auth: {auth_url: 'http://k', \"user\": [a, b]}\n    verify: false # no\n  two: {<<: *l, x: |\n    long\n  }\n");
        var random = new Random(42);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = original.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                YamlSettings.Read(Encoding.UTF8.GetString(bytes), "t");
            }
            catch (OsMigrateException e)
            {
                Assert.Equal(ErrorIds.CloudFile, e.ErrorId);
            }
        }
    }
}
