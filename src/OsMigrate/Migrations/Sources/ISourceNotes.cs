using System.Text.Json.Nodes;

namespace OsMigrate.Migrations.Sources;

/// <summary>Remembers what was done to a source, so that it can be gone on with or taken back after anything.</summary>
internal interface ISourceNotes
{
    JsonObject? Get(string step);

    void Set(string step, JsonObject result);

    void Log(string text, string step);
}

/// <summary>Remembers for the life of the process only.</summary>
internal sealed class MemoryNotes(Action<string> tell) : ISourceNotes
{
    private readonly Dictionary<string, JsonObject> _all = new(StringComparer.Ordinal);

    public JsonObject? Get(string step) => _all.TryGetValue(step, out var result) ? result : null;

    public void Set(string step, JsonObject result) => _all[step] = result;

    public void Log(string text, string step) => tell(text);
}
