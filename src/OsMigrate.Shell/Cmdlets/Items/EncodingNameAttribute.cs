using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace OsMigrate.Shell.Cmdlets.Items;

/// <summary>Lets -Encoding take the names that PowerShell knows, code page numbers and encodings.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class EncodingNameAttribute : ArgumentTransformationAttribute
{
    /// <summary>UTF-8 without a byte order mark; a mark in a file that is read counts.</summary>
    public static Encoding Default { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return given switch
        {
            Encoding encoding => encoding,
            int page => Encoding.GetEncoding(page),
            _ => Find(LanguagePrimitives.ConvertTo<string>(given)),
        };
    }

    private static Encoding Find(string name) => name.ToLowerInvariant() switch
    {
        "utf8" or "utf8nobom" or "default" => Default,
        "utf8bom" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        "unicode" or "utf16" => Encoding.Unicode,
        "bigendianunicode" => Encoding.BigEndianUnicode,
        "utf32" => Encoding.UTF32,
        "ascii" => Encoding.ASCII,
        "latin1" or "ansi" or "oem" => Encoding.Latin1,
        _ => Named(name),
    };

    private static Encoding Named(string name)
    {
        try
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Encoding.GetEncoding(page) : Encoding.GetEncoding(name);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException($"'{name}' is not an encoding: utf8, utf8BOM, unicode, bigendianunicode, utf32, ascii, latin1 and names such as iso-8859-2 are.", error);
        }
    }
}
