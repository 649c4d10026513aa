using OsMigrate.Bytes;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using OsMigrate.VSphere.Tasks;

namespace OsMigrate.VSphere.Machines;

/// <summary>Renames machines. Their files keep their names.</summary>
/// <remarks>vSphere Web Services API, ManagedEntity.Rename_Task.</remarks>
internal sealed class MachineName(VSphereSession session, CancellationToken cancel)
{
    /// <summary>The longest name that vCenter takes.</summary>
    public const int MaxLength = 80;

    public string Of(MoRef machine) => Places.Unescape(new PropertyQuery(session).Of(machine, ["name"], cancel).Text("name") ?? "");

    /// <exception cref="OsMigrateException">It was refused: another machine has that name, or the user may not.</exception>
    public void Set(MoRef machine, string name)
        => new VimTask(session).Run("Rename_Task", machine, $"to rename the machine to '{name}'", TimeSpan.FromMinutes(5), null, cancel, VimXml.Arg("newName", Places.Escape(name)));
}
