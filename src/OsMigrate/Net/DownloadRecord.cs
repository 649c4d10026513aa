using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>What is known of a file that is, or is being, downloaded; kept in a small text file beside it.</summary>
/// <param name="Address">Where it comes from, as the user gave it.</param>
/// <param name="Validator">The server's ETag, or else its Last-Modified; empty for none.</param>
/// <param name="SizeBytes">The whole file; -1 where the server did not say.</param>
/// <param name="Sha256">Of the whole file, in small letters; empty while it is not there.</param>
internal sealed record DownloadRecord(string Address, string Validator, long SizeBytes, string Sha256)
{
    public const string Suffix = ".download";

    private const int MaxChars = 16 << 10;

    /// <summary>An ETag without W/ stands for exactly these bytes, so that the rest may be asked for later; a time stands for them as far as a second can.</summary>
    public bool CanResume => Validator.Length > 0 && !Validator.StartsWith("W/", StringComparison.Ordinal);

    public bool HasETag => Validator.EndsWith("\"", StringComparison.Ordinal);

    /// <summary>Null where there is none, or none that can be understood.</summary>
    public static DownloadRecord? Read(string path)
    {
        try
        {
            var file = new FileInfo(path + Suffix);
            if (!file.Exists || file.Length > MaxChars)
                return null;
            var lines = File.ReadAllLines(file.FullName);
            return lines.Length >= 4 && long.TryParse(lines[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size)
                ? new DownloadRecord(lines[0], lines[1], size, lines[3])
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="OsMigrateException">It cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            File.WriteAllLines(path + Suffix, [Address, Validator, SizeBytes.ToString(CultureInfo.InvariantCulture), Sha256]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path + Suffix, "write");
        }
    }
}
