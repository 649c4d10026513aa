using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Soap;

/// <summary>XML to and from a vSphere server. What comes in is bounded: no DTD, no outside entities, limited depth.</summary>
/// <remarks>SOAP 1.1; vSphere Web Services API, namespace urn:vim25.</remarks>
internal static class VimXml
{
    public static readonly XNamespace Vim = "urn:vim25";
    public static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    public static readonly XNamespace Schema = "http://www.w3.org/2001/XMLSchema-instance";
    public static readonly XNamespace Types = "http://www.w3.org/2001/XMLSchema";

    private const int MaxCharacters = 64 << 20;
    private const int MaxDepth = 128;

    /// <summary>A simple argument; numbers and truth values in XML's own spelling.</summary>
    public static XElement Arg(string name, object value) => new(Vim + name, value switch
    {
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value,
    });

    /// <summary>An argument that is an object reference.</summary>
    public static XElement Arg(string name, MoRef reference) => new(Vim + name, new XAttribute("type", reference.Type), reference.Value);

    /// <summary>A structure; its type is stated where the schema has several that fit.</summary>
    public static XElement Node(string name, string? type, params object?[] content)
    {
        var node = new XElement(Vim + name, content);
        if (type is not null)
            node.SetAttributeValue(Schema + "type", type);
        return node;
    }

    /// <summary>One value of the type xsd:string where anything may stand (xsd:anyType).</summary>
    public static XElement Any(string name, string value) => new(Vim + name, new XAttribute(Schema + "type", "xsd:string"), value);

    /// <summary>The message that calls a method.</summary>
    /// <param name="header">For the SOAP header, or null.</param>
    public static byte[] Envelope(string method, MoRef on, IEnumerable<XElement> arguments, XElement? header = null)
    {
        var envelope = new XElement(
            Soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soapenv", Soap),
            new XAttribute(XNamespace.Xmlns + "xsi", Schema),
            new XAttribute(XNamespace.Xmlns + "xsd", Types),
            header is null ? null : new XElement(Soap + "Header", header),
            new XElement(Soap + "Body", new XElement(Vim + method, Arg("_this", on), arguments)));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false), CheckCharacters = true }))
            envelope.Save(writer);
        return bytes.ToArray();
    }

    /// <summary>The body's first element.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.NetBadAnswer"/>.</exception>
    public static VimData Body(byte[] answer, string server)
    {
        try
        {
            using (var reader = Reader(answer))
                CheckDepth(reader);
            using (var reader = Reader(answer))
            {
                var body = XElement.Load(reader).Element(Soap + "Body")?.Elements().FirstOrDefault();
                return body is null ? throw Bad(server, "it is no SOAP message", null) : new VimData(body);
            }
        }
        catch (XmlException e)
        {
            throw Bad(server, "it is no well-formed XML, or has a document type", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw Bad(server, "it is no readable XML", e);
        }
    }

    public static OsMigrateException Bad(string server, string reason, Exception? inner)
        => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"The answer of {server} cannot be understood: {reason}.", server, inner);

    private static XmlReader Reader(byte[] bytes) => XmlReader.Create(new MemoryStream(bytes, writable: false), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        // Guests and administrators put control characters into names and notes, and vCenter hands them on.
        CheckCharacters = false,
        CloseInput = true,
    });

    private static void CheckDepth(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
                throw new XmlException($"nested deeper than {MaxDepth} levels");
        }
    }
}
