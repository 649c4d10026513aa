using System.Globalization;
using System.Xml.Linq;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Ovf;

/// <summary>A &lt;File&gt; of the References (DSP0243, "File references from elements to external files").</summary>
/// <param name="Href">As written; relative to the descriptor. May be hostile.</param>
/// <param name="SizeBytes">Stated size of the file as packed, or null.</param>
/// <param name="Gzip">True when the file is gzip'd (ovf:compression).</param>
/// <param name="ChunkSizeBytes">When set, the file is delivered as Href.000000000, Href.000000001 ...</param>
internal sealed record OvfFile(string Id, string Href, long? SizeBytes, bool Gzip, long? ChunkSizeBytes)
{
    public static Dictionary<string, OvfFile> ReadAll(XElement envelope, string fileName)
    {
        var files = new Dictionary<string, OvfFile>(StringComparer.Ordinal);
        foreach (var e in envelope.Ovf("References").SelectMany(r => r.Ovf("File")))
        {
            var file = Read(e, fileName);
            if (!files.TryAdd(file.Id, file))
                throw new InvalidImageException(ErrorIds.BadAppliance, fileName, -1, $"{e.Where()}: two files have the id '{Shown.Text(file.Id)}'");
        }

        return files;
    }

    private static OvfFile Read(XElement e, string fileName)
    {
        var href = e.OvfAttribute("href");
        var id = e.OvfAttribute("id");
        if (string.IsNullOrEmpty(href) || string.IsNullOrEmpty(id))
            throw new InvalidImageException(ErrorIds.BadAppliance, fileName, -1, $"{e.Where()}: a file reference needs both ovf:id and ovf:href");
        var compression = e.OvfAttribute("compression");
        if (compression is not (null or "" or "identity" or "gzip"))
            throw new InvalidImageException(ErrorIds.UnsupportedAppliance, fileName, -1, $"{e.Where()}: the file '{Shown.Text(href!)}' has the compression '{Shown.Text(compression)}'; only gzip is read");
        return new OvfFile(id!, href!, Number(e, "size", fileName), compression == "gzip", Number(e, "chunkSize", fileName));
    }

    private static long? Number(XElement e, string attribute, string fileName)
    {
        var text = e.OvfAttribute(attribute);
        if (string.IsNullOrEmpty(text))
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && !(number == 0 && attribute == "chunkSize"))
            return number;
        throw new InvalidImageException(ErrorIds.BadAppliance, fileName, -1, $"{e.Where()}: ovf:{attribute} is '{Shown.Text(text!)}', not a number of bytes");
    }
}
