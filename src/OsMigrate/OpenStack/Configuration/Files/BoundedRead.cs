using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>Reads a stream to its end, but not beyond a bound: devices and growing files have no end.</summary>
internal static class BoundedRead
{
    public static byte[] All(Stream stream, int limit, string name)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int count; (count = stream.Read(buffer, 0, buffer.Length)) > 0;)
        {
            content.Write(buffer, 0, count);
            if (content.Length > limit)
                throw new OsMigrateException(ErrorIds.ConfigTooLarge, ErrorKind.InvalidData, FormattableString.Invariant($"'{name}' is no configuration file: it has more than {limit >> 20} MiB."), name);
        }

        return content.ToArray();
    }
}
