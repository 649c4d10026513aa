using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using OsMigrate.Shell.Cmdlets.Objects;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>Writes objects as JSON: tables and properties as objects, lists as arrays. What lies deeper than the given depth is written as its text.</summary>
internal sealed class JsonWriter(int depth, bool compress, bool enumsAsStrings)
{
    public string Write(object? value)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Indented = !compress, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000, NewLine = Environment.NewLine };
        using (var writer = new Utf8JsonWriter(buffer, options))
            Write(writer, value, 0);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void Write(Utf8JsonWriter writer, object? value, int level)
    {
        var item = value as PSObject;
        var plain = item?.BaseObject ?? value;
        if (WriteScalar(writer, plain))
            return;
        if (level > depth)
            writer.WriteStringValue(ValueOrder.Text(value));
        else if (plain is IDictionary table)
            WriteObject(writer, table.Keys.Cast<object>().Select(key => (ValueOrder.Text(key), table[key])), level);
        else if (plain is IEnumerable list)
            WriteArray(writer, list, level);
        else
            WriteObject(writer, Properties(item ?? PSObject.AsPSObject(value)), level);
    }

    private bool WriteScalar(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or DBNull: writer.WriteNullValue(); break;
            case string or char or Guid or Uri or Version: writer.WriteStringValue(value.ToString()); break;
            case ScriptBlock or System.Text.RegularExpressions.Regex or Type: writer.WriteStringValue(value.ToString()); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case SwitchParameter flag: writer.WriteBooleanValue(flag); break;
            case DateTime or DateTimeOffset: writer.WriteStringValue(((IFormattable)value).ToString("o", CultureInfo.InvariantCulture).Replace(".0000000", "", StringComparison.Ordinal)); break;
            case Enum name when enumsAsStrings: writer.WriteStringValue(name.ToString()); break;
            case Enum number: writer.WriteNumberValue(Convert.ToInt64(number, CultureInfo.InvariantCulture)); break;
            case double.NaN or double.PositiveInfinity or double.NegativeInfinity: writer.WriteStringValue(((double)value).ToString(CultureInfo.InvariantCulture)); break;
            case double number: WriteReal(writer, number); break;
            case float number: WriteReal(writer, number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case sbyte or byte or short or ushort or int or uint or long: writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case BigInteger number: writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture)); break;
            default: return false;
        }

        return true;
    }

    /// <summary>Keeps the point of whole numbers, so that a reader sees a real number: 2.0 and not 2.</summary>
    private static void WriteReal(Utf8JsonWriter writer, double number)
    {
        if (Math.Abs(number) < 1e15 && number == Math.Floor(number))
            writer.WriteNumberValue(decimal.Add((decimal)number, 0.0m));
        else
            writer.WriteNumberValue(number);
    }

    private void WriteArray(Utf8JsonWriter writer, IEnumerable list, int level)
    {
        writer.WriteStartArray();
        foreach (var element in list)
            Write(writer, element, level + 1);
        writer.WriteEndArray();
    }

    private void WriteObject(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value)> members, int level)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value, level + 1);
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<(string Name, object? Value)> Properties(PSObject item)
        => item.Properties.Where(property => property.IsGettable).Select(property => (property.Name, Value(property)));

    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
