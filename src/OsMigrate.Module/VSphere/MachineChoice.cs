using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.VSphere;

/// <summary>Finds machines by what the user wrote: an id, a name, a pattern.</summary>
internal static class MachineChoice
{
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereNotFound"/>: a plain name or id fits nothing.</exception>
    public static IEnumerable<VSphereMachine> Find(VSphereSession session, string wanted, CancellationToken cancel)
    {
        var inventory = new VSphereInventory(session, cancel);
        if (wanted.StartsWith("VirtualMachine-", StringComparison.OrdinalIgnoreCase))
            return [inventory.Read(MachineIds.Parse(wanted))];
        return inventory.Read(References(inventory, session.Name, wanted)).OrderBy(static m => m.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>One machine; its name must be the only one of its kind.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereAmbiguous"/>, <see cref="ErrorIds.VSphereNotFound"/>.</exception>
    public static VSphereMachine Single(VSphereSession session, string wanted, CancellationToken cancel)
    {
        var found = Find(session, wanted, cancel).Take(2).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw NotFound(session.Name, wanted),
            _ => throw new OsMigrateException(ErrorIds.VSphereAmbiguous, ErrorKind.InvalidArgument, $"{session.Name} has several machines '{wanted}'.", wanted) { Advice = "Name one by its id: Get-VSphereVM shows it." },
        };
    }

    public static IReadOnlyList<MoRef> References(VSphereInventory inventory, string server, string wanted)
    {
        var wildcard = WildcardPattern.Get(wanted, WildcardOptions.IgnoreCase);
        var found = inventory.Names().Where(m => string.Equals(m.Name, wanted, StringComparison.OrdinalIgnoreCase) || wildcard.IsMatch(m.Name)).Select(static m => m.Reference).ToList();
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(wanted) ? found : throw NotFound(server, wanted);
    }

    private static OsMigrateException NotFound(string server, string wanted)
        => new(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{server} has no machine '{wanted}'.", wanted) { Advice = "Get-VSphereVM lists all that your user may see." };
}
