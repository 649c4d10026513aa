using System.Xml;
using System.Xml.Linq;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances;

/// <summary>Reads XML that a stranger wrote: no DTD, no outside entities, bounded size, depth and node count.</summary>
internal static class SafeXml
{
    /// <summary>The largest real descriptor we know of has 4 MB.</summary>
    public const int MaxCharacters = 16 << 20;

    public const int MaxDepth = 64;

    /// <summary>Keeps the tree under about 100 MB whatever the markup.</summary>
    public const int MaxNodes = 600_000;

    /// <exception cref="InvalidImageException">Not well formed, or beyond a bound.</exception>
    public static XElement Load(ByteStore store)
    {
        if (store.Length > MaxCharacters * 2L)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, -1, $"{store.Length} bytes are too many for a descriptor; {MaxCharacters * 2L} are allowed");
        var bytes = store.ReadBytes(0, (int)store.Length);
        try
        {
            using (var reader = Reader(bytes))
                CheckBounds(reader, store.Name);
            using (var reader = Reader(bytes))
                return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            // The only localised part is the sentence around "DTD".
            var reason = e.Message.Contains("DTD") || e.Message.Contains("DOCTYPE")
                ? "it has a DOCTYPE, which is refused because document types can name other files and grow without bound"
                : $"it is no well-formed XML: {Shown.Message(e)}";
            throw new InvalidImageException(ErrorIds.BadAppliance, store.Name, -1, reason, e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidImageException(ErrorIds.BadAppliance, store.Name, -1, $"it is no readable XML: {Shown.Message(e)}", e);
        }
    }

    private static XmlReader Reader(byte[] bytes) => XmlReader.Create(new MemoryStream(bytes, writable: false), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    });

    private static void CheckBounds(XmlReader reader, string fileName)
    {
        var nodes = 0;
        while (reader.Read())
        {
            nodes += 1 + reader.AttributeCount;
            if (nodes > MaxNodes)
                throw new InvalidImageException(ErrorIds.TooLarge, fileName, -1, $"it has more than {MaxNodes} XML nodes, far more than a descriptor needs");
            if (reader.Depth > MaxDepth)
                throw new InvalidImageException(ErrorIds.TooLarge, fileName, -1, $"its XML is nested deeper than {MaxDepth} levels");
        }
    }
}
