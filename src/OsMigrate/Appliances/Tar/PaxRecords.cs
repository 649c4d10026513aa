using System.Globalization;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Tar;

/// <summary>The extended header of a pax archive: lines of "length key=value" (POSIX.1-2001, pax Extended Header).</summary>
internal static class PaxRecords
{
    public static Dictionary<string, string> Parse(byte[] data, string fileName, long offset)
    {
        var records = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = 0;
        while (at < data.Length && data[at] != 0)
        {
            var space = Array.IndexOf(data, (byte)' ', at, Math.Min(11, data.Length - at));
            if (space < 0 || !int.TryParse(Encoding.ASCII.GetString(data, at, space - at), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space - at + 1 || length > data.Length - at || data[at + length - 1] != '\n')
            {
                throw Bad(fileName, offset + at);
            }

            var equals = Array.IndexOf(data, (byte)'=', space + 1, at + length - space - 1);
            if (equals < 0)
                throw Bad(fileName, offset + at);
            records[Encoding.UTF8.GetString(data, space + 1, equals - space - 1)] = Encoding.UTF8.GetString(data, equals + 1, at + length - 1 - (equals + 1));
            at += length;
        }

        return records;
    }

    private static InvalidImageException Bad(string fileName, long offset)
        => new(ErrorIds.BadAppliance, fileName, offset, "a pax extended header record does not have the form \"length key=value\"");
}
