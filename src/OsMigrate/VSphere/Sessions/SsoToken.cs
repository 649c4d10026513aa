using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Sessions;

/// <summary>A bearer token of vCenter's Single Sign-On, as LoginByToken wants it: in the header, beside the time.</summary>
/// <remarks>OASIS Web Services Security: SAML Token Profile 1.1; vSphere Web Services API, SessionManager.LoginByToken. Tokens that ask for the proof of a key are not supported.</remarks>
internal static class SsoToken
{
    private const int MaxCharacters = 1 << 20;

    private static readonly XNamespace Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XNamespace Utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    private static readonly XNamespace Saml = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereSettings"/>: it is no SAML 2.0 assertion. The token itself is not in the message.</exception>
    public static XElement Read(Secret token)
    {
        try
        {
            using var text = new StringReader(token.Reveal().Trim());
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            // Every blank is signed.
            var assertion = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            if (assertion.Name == Saml + "Assertion")
                return assertion;
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException)
        {
            // The reader's message could quote the token.
            _ = e;
        }

        throw new OsMigrateException(ErrorIds.VSphereSettings, ErrorKind.InvalidArgument, "The token is no SAML 2.0 assertion: the XML that Single Sign-On issued was expected, from <saml2:Assertion to its end.");
    }

    /// <param name="now">UTC.</param>
    public static XElement Header(Secret token, DateTime now) => new(
        Security + "Security",
        new XAttribute(XNamespace.Xmlns + "wsse", Security),
        new XElement(Utility + "Timestamp", new XAttribute(XNamespace.Xmlns + "wsu", Utility), new XElement(Utility + "Created", Time(now)), new XElement(Utility + "Expires", Time(now + Life))),
        Read(token));

    private static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
