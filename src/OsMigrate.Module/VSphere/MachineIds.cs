using OsMigrate.Bytes;
using OsMigrate.VSphere;

namespace OsMigrate.Module.VSphere;

/// <summary>Ids of machines as people have them: PowerCLI's "VirtualMachine-vm-42", or "vm-42" alone.</summary>
internal static class MachineIds
{
    public const string Prefix = "VirtualMachine-";

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>.</exception>
    public static MoRef Parse(string id)
    {
        var value = id.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? id.Substring(Prefix.Length) : id;
        return value.Length is > 0 and < 200 && value.All(static c => char.IsLetterOrDigit(c) || c is '-' or '_')
            ? new MoRef("VirtualMachine", value)
            : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{id}' is no id of a machine; ids are like VirtualMachine-vm-42.", id);
    }
}
