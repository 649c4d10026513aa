using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OsMigrate.Guests.Linux;

/// <summary>Fixed addresses of a netplan file.</summary>
/// <remarks>Source: netplan(5): network: ethernets: NAME: addresses, gateway4, routes, nameservers, match.</remarks>
internal static class Netplan
{
    private const int MaxCharacters = 1 << 18;

    private static readonly string[] Kinds = ["ethernets", "bonds", "vlans", "bridges"];

    /// <summary>None when the file is not what netplan reads.</summary>
    public static IEnumerable<(string Name, string? Mac, List<string> Addresses, List<string> Gateways, List<string> NameServers)> Read(string text)
    {
        var network = Child(Root(text), "network");
        foreach (var (name, adapter) in Kinds.SelectMany(kind => Children(Child(network, kind))))
        {
            var gateways = Items(Child(adapter, "routes")).Select(static r => Text(Child(r, "via"))).Prepend(Text(Child(adapter, "gateway4"))).OfType<string>().ToList();
            if (Texts(Child(adapter, "addresses")) is { Count: > 0 } addresses)
                yield return (name, Text(Child(Child(adapter, "match"), "macaddress")), addresses, gateways, Texts(Child(Child(adapter, "nameservers"), "addresses")));
        }
    }

    private static YamlNode? Root(string text)
    {
        if (text.Length > MaxCharacters)
            return null;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
        }
        catch (Exception e) when (e is YamlException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static YamlNode? Child(YamlNode? node, string name)
        => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static IEnumerable<(string Name, YamlNode Node)> Children(YamlNode? node)
        => node is YamlMappingNode map ? map.Children.Select(static c => (Text(c.Key) ?? "", c.Value)) : [];

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode list ? list.Children : [];

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;

    private static List<string> Texts(YamlNode? node) => Items(node).Select(static n => Text(n is YamlMappingNode map ? map.Children.Keys.FirstOrDefault() : n)).OfType<string>().ToList();
}
