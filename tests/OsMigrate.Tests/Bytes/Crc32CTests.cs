using OsMigrate.Bytes;

namespace OsMigrate.Tests.Bytes;

public class Crc32CTests
{
    // RFC 3720, appendix B.4; and the check value of the catalogue of CRC algorithms.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8a9136aau)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62a8ab43u)]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46dd794eu)]
    [InlineData("313233343536373839", 0xe3069283u)]
    [InlineData("", 0u)]
    public void Known_values_come_out(string hex, uint expected) => Assert.Equal(expected, Crc32C.Compute(Convert.FromHexString(hex)));
}
