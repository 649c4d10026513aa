using System.Text;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.Tests.OpenStack.Configuration;

public class ConfigDocumentTests
{
    public static TheoryData<string> Data => [.. Texts];

    internal static string[] Texts { get; } =
    [
        "",
        "\n\n",
        "[DEFAULT]\na=1\n",
        "[DEFAULT]\r\na = 1\r\n\r\n# c\r\nb: 2\r\n",
        "[DEFAULT]\ra = 1\rb = 2",
        "# only a comment",
        "[DEFAULT]\n  # not a comment\nlong = one\n   two\n\tthree\n\n[x]\n; c\nempty =\nkey:value:more=x\n",
        "\uFEFF[DEFAULT]\na = 1\n",
        "[a]\n[a]\nb=1\n[a]\nb=2",
        "no section = 1\n[DEFAULT\nnonsense\n=x\n  stray\n",
        "[DEFAULT]\nname = \u00e4\u4e2d\ud83d\ude00 \u00a0\n\u0000\u001c\n",
        "[DEFAULT]\n a = 1\n\x0b\n",
    ];

    [Theory]
    [MemberData(nameof(Data))]
    public void Every_byte_comes_back(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(bytes, ConfigDocument.Parse(bytes, "x").ToBytes());
    }

    [Fact]
    public void Bytes_that_are_no_text_come_back_and_are_a_fault()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            Assert.Equal(bytes, ConfigDocument.Parse(bytes, "x").ToBytes());
        }

        Assert.Contains(ConfigDocument.Parse([0x5b, 0x61, 0x5d, 0x0a, 0x62, 0x3d, 0xff], "x").Faults, f => f.Kind == "Encoding");
    }

    [Fact]
    public void Values_are_read_as_oslo_config_reads_them()
    {
        var document = Parse("[DEFAULT]\nA = 'x'\nb : \"y\nc=z # no comment\nd = 1\n  2\n # 3\n\ne=\nf = \"\n[ Odd ]\ng=$x\n");
        Assert.Empty(document.Faults);
        Assert.Equal(["x", "\"y", "z # no comment", "1\n2\n# 3", "", "", "$x"], document.Items.Select(i => i.Value));
        Assert.Equal(["A", "b", "c", "d", "e", "f", "g"], document.Items.Select(i => i.Name));
        Assert.Equal((5, 7), (document.Items[3].Line, document.Items[3].LastLine));
        Assert.Equal(" Odd ", document.Items[6].Section);
        Assert.Equal(" odd ", document.Items[6].Group);
    }

    [Theory]
    [InlineData("[a]\n x = 1\n", "Continuation", 2)]
    [InlineData("[a]\nx\n", "Assignment", 2)]
    [InlineData("[a\n", "Section", 1)]
    [InlineData("[a] # b\n", "Section", 1)]
    [InlineData("[]\n", "Section", 1)]
    [InlineData("[a]\n= 1\n", "Name", 2)]
    [InlineData("x = 1\n", "NoSection", 1)]
    [InlineData("\uFEFF[a]\n", "ByteOrderMark", 1)]
    public void What_oslo_config_refuses_is_a_fault_with_its_line(string text, string kind, int line)
    {
        var fault = Assert.Single(Parse(text).Faults);
        Assert.Equal((kind, line), (fault.Kind, fault.Line));
    }

    [Theory]
    [InlineData(9 << 20, 100)]
    [InlineData(70_000, 70_000)]
    [InlineData(600_000, 1)]
    public void Files_and_lines_beyond_any_configuration_are_refused(int size, int lineLength)
    {
        var text = new StringBuilder();
        while (text.Length < size)
            text.Append('a', lineLength).Append('\n');
        var error = Assert.Throws<OsMigrateException>(() => Parse(text.ToString()));
        Assert.Equal(ErrorIds.ConfigTooLarge, error.ErrorId);
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
    }

    private static ConfigDocument Parse(string text) => ConfigDocument.Parse(Encoding.UTF8.GetBytes(text), "x");
}
