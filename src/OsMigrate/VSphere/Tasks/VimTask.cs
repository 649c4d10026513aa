using OsMigrate.Bytes;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Tasks;

/// <summary>Waits for what a server does in the background.</summary>
internal sealed class VimTask(VSphereSession session)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Begins a task and waits for its end.</summary>
    /// <param name="what">For messages: "Power off web01".</param>
    /// <param name="progress">Receives percent, where the server tells.</param>
    /// <returns>The task's result; null when it has none.</returns>
    /// <exception cref="VimException">It failed.</exception>
    public VimData? Run(string method, MoRef on, string what, TimeSpan limit, Action<int>? progress, CancellationToken cancel, params System.Xml.Linq.XElement[] arguments)
        => Wait(session.Start(method, on, cancel, arguments), what, limit, progress, cancel);

    public VimData? Wait(MoRef task, string what, TimeSpan limit, Action<int>? progress, CancellationToken cancel)
    {
        var properties = new PropertyQuery(session);
        var end = DateTime.UtcNow + limit;
        for (var pause = First; ; pause = pause + pause < Longest ? pause + pause : Longest)
        {
            var info = properties.Of(task, ["info"], cancel).Data("info");
            switch (info?.Text("state"))
            {
                case "success":
                    return info.Value.Child("result");
                case "error":
                    throw VimFaults.FromMethod(info.Value.Child("error"), session.Name, what);
                default:
                    if (info?.Int("progress") is { } percent)
                        progress?.Invoke(percent);
                    break;
            }

            if (DateTime.UtcNow > end)
                throw new OsMigrateException(ErrorIds.VSphereTimeout, ErrorKind.ResourceUnavailable, $"{session.Name}: {what} took longer than {limit.TotalMinutes:f0} minutes; it may still end by itself.", what);
            cancel.WaitHandle.WaitOne(pause);
            cancel.ThrowIfCancellationRequested();
        }
    }
}
