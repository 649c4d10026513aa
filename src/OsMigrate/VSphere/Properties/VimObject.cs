using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Properties;

/// <summary>Properties of one object, as far as the server has and shows them.</summary>
internal sealed class VimObject(MoRef reference, IReadOnlyDictionary<string, VimData> values, IReadOnlyList<string> hidden)
{
    public MoRef Reference => reference;

    /// <summary>Paths that the user may not read.</summary>
    public IReadOnlyList<string> Hidden => hidden;

    public VimData? Data(string path) => values.TryGetValue(path, out var data) ? data : null;

    public string? Text(string path) => Data(path)?.Value;

    public bool? Bool(string path) => VimData.AsBool(Text(path));

    public long? Long(string path) => VimData.AsLong(Text(path));

    public MoRef? Ref(string path) => Data(path)?.AsRef();

    /// <summary>A list of references (ArrayOfManagedObjectReference).</summary>
    public IReadOnlyList<MoRef> Refs(string path) => Data(path) is { } data ? [.. data.List("ManagedObjectReference").Select(static r => r.AsRef()).OfType<MoRef>()] : [];
}
