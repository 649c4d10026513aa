using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Tests.Bytes;

public class Adler32Tests
{
    [Theory]
    [InlineData("", 1u)]
    [InlineData("a", 0x00620062u)]
    [InlineData("Wikipedia", 0x11E60398u)]
    public void Known_sums_come_out(string text, uint expected) => Assert.Equal(expected, Adler32.Compute(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x80)]
    [InlineData(-1)]
    public void Every_length_gives_what_the_definition_gives(int fill)
    {
        var data = new byte[20_000];
        if (fill < 0)
            new Random(1).NextBytes(data);
        else
            Array.Fill(data, (byte)fill);
        ulong a = 1, b = 0;
        for (var length = 1; length <= data.Length; length++)
        {
            a = (a + data[length - 1]) % 65521;
            b = (b + a) % 65521;
            if (length < 300 || length % 61 == 0)
                Assert.Equal((uint)((b << 16) | a), Adler32.Compute(data.AsSpan(0, length)));
        }
    }
}
