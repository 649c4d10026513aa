using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>What can be wrong with configuration files as such. None of these repeats a value.</summary>
internal static class ConfigErrors
{
    public static OsMigrateException Changed(string path) => new(
        ErrorIds.ConfigChanged, ErrorKind.ResourceUnavailable, $"'{path}' was changed by someone else since it was read; it is left as it is.", path) { Advice = "Run the command again." };

    public static OsMigrateException Broken(string path, Text.ConfigFault fault) => new(
        ErrorIds.ConfigBadStructure,
        ErrorKind.InvalidData,
        fault.Line == 0 ? $"'{path}' is not as oslo.config reads it: {fault.Reason}." : FormattableString.Invariant($"'{path}', line {fault.Line} is not as oslo.config reads it: {fault.Reason}."),
        path);

    public static OsMigrateException NoFiles(string place) => new(
        ErrorIds.ConfigNotFound, ErrorKind.NotFound, $"No configuration file of Keystone, Glance, Nova, Cinder, Neutron or Placement is in '{place}'.", place);
}
