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
        return inventory.Read(References(inventory, session.Name, wanted)).OrderBy(static m => m.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>References of the machines that fit a name, an id or a pattern.</summary>
    public static IReadOnlyList<MoRef> References(VSphereInventory inventory, string server, string wanted)
    {
        if (wanted.StartsWith(MachineIds.Prefix, StringComparison.OrdinalIgnoreCase))
            return [MachineIds.Parse(wanted)];
        var wildcard = WildcardPattern.Get(wanted, WildcardOptions.IgnoreCase);
        var found = inventory.Names().Where(m => string.Equals(m.Name, wanted, StringComparison.OrdinalIgnoreCase) || wildcard.IsMatch(m.Name)).Select(static m => m.Reference).ToList();
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(wanted) ? found : throw NotFound(server, wanted);
    }

    private static OsMigrateException NotFound(string server, string wanted)
        => new(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{server} has no machine '{wanted}'.", wanted) { Advice = "Get-VSphereVM lists all that your user may see." };
}
