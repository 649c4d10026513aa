using OsMigrate.Bytes;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using OsMigrate.VSphere.Tasks;

namespace OsMigrate.VSphere.Machines;

/// <summary>Asks which areas of a disk changed, or are in use at all.</summary>
/// <remarks>vSphere Web Services API, QueryChangedDiskAreas and DiskChangeInfo.</remarks>
internal sealed class ChangeTracking(VSphereSession session, CancellationToken cancel)
{
    /// <summary>A change id that asks for all allocated areas.</summary>
    public const string Everything = "*";

    private const int MaxPages = 1_000_000;

    /// <summary>Areas that changed between a change id and a snapshot, ascending, within the disk.</summary>
    /// <exception cref="VimException">FaultType InvalidArgument: the change id is void, and all must be copied.</exception>
    public IReadOnlyList<Extent> Areas(MoRef machine, MoRef snapshot, int deviceKey, long capacity, string changeId)
    {
        var areas = new List<Extent>();
        var at = 0L;
        for (var page = 0; at < capacity; page++)
        {
            var info = session.Ask("QueryChangedDiskAreas", machine, cancel, VimXml.Arg("snapshot", snapshot), VimXml.Arg("deviceKey", deviceKey), VimXml.Arg("startOffset", at), VimXml.Arg("changeId", changeId));
            foreach (var area in info.List("changedArea"))
                Add(areas, area.Long("start") ?? -1, area.Long("length") ?? -1, capacity);
            var end = (info.Long("startOffset") ?? at) + (info.Long("length") ?? 0);
            if (end <= at || page > MaxPages)
                throw VimXml.Bad(session.Name, $"its changed areas do not go on behind byte {at}", null);
            at = end;
        }

        return areas;
    }

    /// <summary>The identity of the tracking: when it changes, older ids are void.</summary>
    public static string Epoch(string changeId) => changeId.Split('/')[0];

    /// <summary>Sets the flag; a snapshot must be made and removed before it has an effect.</summary>
    public void Enable(MoRef machine, string name)
        => new VimTask(session).Run("ReconfigVM_Task", machine, $"to turn on change tracking for '{name}'", TimeSpan.FromMinutes(10), null, cancel, VimXml.Node("spec", null, VimXml.Arg("changeTrackingEnabled", true)));

    private void Add(List<Extent> areas, long start, long length, long capacity)
    {
        if (start < 0 || length < 0 || start > capacity - length || (areas.Count > 0 && start < areas[areas.Count - 1].End))
            throw VimXml.Bad(session.Name, $"a changed area of {length} bytes at {start} lies outside the disk or over another", null);
        if (length == 0)
            return;
        if (areas.Count > 0 && areas[areas.Count - 1].End == start)
            areas[areas.Count - 1] = new Extent(areas[areas.Count - 1].Start, areas[areas.Count - 1].Length + length, ExtentKind.Data);
        else
            areas.Add(new Extent(start, length, ExtentKind.Data));
    }
}
