using System.Text.Json.Nodes;

namespace OsMigrate.Migrations.Sources;

/// <summary>One round of a warm migration.</summary>
/// <param name="Number">From 0, the full copy.</param>
/// <param name="IsFull">All that is in use was read, not only what changed.</param>
/// <param name="BytesRead">Of all disks together.</param>
/// <param name="ChangeIds">By device key: where the next round begins.</param>
internal sealed record WarmRound(int Number, bool IsFull, long BytesRead, IReadOnlyDictionary<int, string> ChangeIds)
{
    public JsonObject ToJson()
    {
        var ids = new JsonObject();
        foreach (var id in ChangeIds)
            ids[id.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = id.Value;
        return new JsonObject { ["number"] = Number, ["full"] = IsFull, ["bytes"] = BytesRead, ["ids"] = ids };
    }

    public static WarmRound? Read(JsonObject? json)
        => json?["ids"] is JsonObject ids
            ? new WarmRound((int?)json["number"] ?? 0, (bool?)json["full"] ?? false, (long?)json["bytes"] ?? 0, ids.ToDictionary(static p => int.Parse(p.Key, System.Globalization.CultureInfo.InvariantCulture), static p => (string?)p.Value ?? ""))
            : null;
}
