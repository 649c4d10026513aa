using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OsMigrate.FirstBoot.Plan;

/// <summary>The fixed addresses of one adapter. Each text went through a parser: none can carry anything else to a command line.</summary>
public sealed class AddressLine
{
    /// <summary>12 hex digits in small letters; empty where it is not known.</summary>
    public string Mac { get; private set; } = "";

    /// <summary>Address and mask, IPv4.</summary>
    public List<string[]> Addresses { get; } = new List<string[]>();

    /// <summary>Address and metric ("automatic" or a number), IPv4.</summary>
    public List<string[]> Gateways { get; } = new List<string[]>();

    /// <summary>IPv4 and IPv6.</summary>
    public List<string> NameServers { get; } = new List<string>();

    /// <param name="parts">"address", then key=value each: mac, ip=ADDRESS/MASK, gateway=ADDRESS/METRIC, dns.</param>
    /// <exception cref="ArgumentException">A part is not what it should be.</exception>
    public static AddressLine Parse(string[] parts)
    {
        var line = new AddressLine();
        for (var i = 1; i < parts.Length; i++)
        {
            var pair = parts[i].Split(new[] { '=' }, 2);
            if (pair.Length != 2)
                throw Bad(parts[i]);
            line.Take(pair[0], pair[1]);
        }

        if (line.Addresses.Count == 0)
            throw new ArgumentException("an adapter without an address");
        return line;
    }

    private void Take(string key, string value)
    {
        var halves = value.Split('/');
        switch (key)
        {
            case "mac":
                Mac = MacAddress(value);
                break;
            case "ip" when halves.Length == 2:
                Addresses.Add(new[] { V4(halves[0]), V4(halves[1]) });
                break;
            case "gateway" when halves.Length == 2:
                Gateways.Add(new[] { V4(halves[0]), Metric(halves[1]) });
                break;
            case "dns":
                NameServers.Add(Address(value).ToString());
                break;
            default:
                throw Bad(key);
        }
    }

    private static string MacAddress(string text)
    {
        var mac = text.Replace(":", "").Replace("-", "").ToLowerInvariant();
        if (mac.Length != 12 || !ulong.TryParse(mac, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            throw Bad(text);
        return mac;
    }

    private static string V4(string text)
    {
        var address = Address(text);
        if (address.AddressFamily != AddressFamily.InterNetwork || text.Split('.').Length != 4)
            throw Bad(text);
        return address.ToString();
    }

    private static string Metric(string text)
        => text == "automatic" ? text : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 10000 ? Texts.Number(number) : throw Bad(text);

    private static IPAddress Address(string text) => IPAddress.TryParse(text, out var address) ? address : throw Bad(text);

    private static ArgumentException Bad(string text) => new ArgumentException("'" + Texts.OneLine(text) + "' is not understood");
}
