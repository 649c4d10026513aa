using OsMigrate.Bytes;

namespace OsMigrate.Tests.Bytes;

public class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("313233343536373839", 0xcbf43926u)]
    [InlineData("00000000", 0x2144df1cu)]
    public void Known_values_come_out(string hex, uint expected) => Assert.Equal(expected, Crc32.Compute(Convert.FromHexString(hex)));
}
