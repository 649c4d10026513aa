using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Compute;

/// <summary>One thing that was done with a server, and how it went (Compute API v2.1, "Servers actions").</summary>
public sealed record InstanceAction
{
    /// <summary>create, live-migration, attach_volume ...</summary>
    public string Name { get; init; } = "";

    public string? RequestId { get; init; }

    public DateTime? StartedAt { get; init; }

    /// <summary>"Error" when something went wrong; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>Steps that failed, with the reason where the cloud tells it.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    public bool HasFailed => Message is not null || Failures.Count > 0;

    /// <summary>Why it failed, in words; null when Nova tells nothing but that it did.</summary>
    public string? Reason => Failures.Count > 0 ? string.Join("; ", Failures.Distinct()) : Message is null or "Error" ? null : Message;

    internal static InstanceAction Parse(JsonFields action) => new()
    {
        Name = action.Text("action") ?? "",
        RequestId = action.Text("request_id"),
        StartedAt = action.Time("start_time"),
        Message = action.Text("message"),
        Failures = action.Objects("events").Where(e => e.Text("result") == "Error").Select(Reading).OfType<string>().ToList(),
    };

    /// <summary>API 2.84 has the reason in "details"; before that only administrators see it, as the last line of a Python traceback.</summary>
    private static string? Reading(JsonFields failed)
    {
        var lastLine = failed.Text("traceback")?.Split('\n').LastOrDefault(l => l.Trim().Length > 0)?.Trim();
        var details = failed.Text("details");
        // "NoValidHost" alone names the kind of error; the traceback then says more.
        var best = details is null || (details.IndexOf(' ') < 0 && lastLine is not null) ? lastLine ?? details : details;
        if (best is null)
            return failed.Text("event") is { } step ? $"the step {step} failed" : null;
        var colon = best.IndexOf(": ", StringComparison.Ordinal);
        var name = colon > 0 ? best.Substring(0, colon) : "";
        var hasPrefix = name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_');
        return (hasPrefix ? best.Substring(colon + 2) : best).Trim().TrimEnd('.');
    }
}
