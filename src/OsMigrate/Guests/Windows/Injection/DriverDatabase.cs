using System.Globalization;
using OsMigrate.Guests.Windows.Inf;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Registers a driver package in DriverDatabase, from which Windows 8 and later take drivers for new devices.</summary>
/// <remarks>Keys and values as pnputil leaves them; their meaning after distrobuilder (Apache-2.0) and comparison with installed packages.</remarks>
internal sealed class DriverDatabase(HiveKey database, string infName, string packageName, DriverPackage package)
{
    /// <summary>What an exact id and a compatible one are entered with.</summary>
    private static readonly byte[] HardwareRank = [0x01, 0xFF, 0, 0], CompatibleRank = [0x02, 0xFF, 0, 0];

    private const uint SignerOfStorage = 0x0D00_0005, SignerOfOthers = 0x0D00_0004;
    private const uint StatusFlags = 0x12, ConfigScope = 7;

    /// <param name="storageIds">Ids of the devices that Windows boots from, entered also where the INF writes them otherwise; empty for other drivers.</param>
    public void Write(TargetSystem target, IReadOnlyList<string> storageIds, string sourcePath)
    {
        var models = package.ModelsFor(target);
        var installs = models.GroupBy(static m => m.InstallSection, StringComparer.OrdinalIgnoreCase).Select(g => package.InstallFor(g.First(), target)).ToList();
        var info = database.Create($@"DriverInfFiles\{infName}");
        info.SetMultiString("", packageName);
        info.SetString("Active", packageName);
        info.SetMultiString("Configurations", [.. installs.Select(static i => i.Section)]);
        var key = database.Create($@"DriverPackages\{packageName}");
        Describe(key, target, storageIds.Count > 0, sourcePath);
        foreach (var install in installs)
            Configure(key.Create($@"Configurations\{install.Section}"), install);
        foreach (var model in models)
            Enter(key, model, package.InstallFor(model, target).Section);
        foreach (var id in storageIds.Where(id => database.Find($@"DeviceIds\{id}")?.Value(infName) is null))
            Enter(key, models[0] with { HardwareId = id, CompatibleIds = [] }, installs[0].Section);
        var strings = key.Create("Strings");
        foreach (var text in package.Strings)
            strings.SetString(text.Key.ToLowerInvariant(), text.Value);
        MarkInUse();
    }

    /// <summary>The value Version: a mark, the class, the date and the version, as Kernel-PnP reads them.</summary>
    public static byte[] VersionValue(DriverPackage package)
    {
        var value = new byte[48];
        value[1] = 0xFF;
        value[2] = 0x09;
        package.ClassGuid.ToByteArray().CopyTo(value, 8);
        if (package.DriverDate is { } date)
            BitConverter.GetBytes(DateTime.SpecifyKind(date, DateTimeKind.Utc).ToFileTimeUtc()).CopyTo(value, 24);
        var version = package.DriverVersion ?? new Version(0, 0, 0, 0);
        var words = new[] { version.Revision, version.Build, version.Minor, version.Major };
        for (var i = 0; i < words.Length; i++)
            BitConverter.GetBytes((ushort)Math.Min(ushort.MaxValue, Math.Max(0, words[i]))).CopyTo(value, 32 + (2 * i));
        return value;
    }

    private void Describe(HiveKey key, TargetSystem target, bool isStorage, string sourcePath)
    {
        key.SetString("", infName);
        if (package.CatalogFileFor(target.Architecture) is { } catalogue)
            key.SetString("Catalog", catalogue);
        key.SetString("InfName", package.InfName.ToLowerInvariant());
        key.SetString("OemPath", sourcePath);
        key.SetString("Provider", package.Provider);
        key.SetString("SignerName", "Microsoft Windows Hardware Compatibility Publisher");
        key.SetDword("SignerScore", isStorage ? SignerOfStorage : SignerOfOthers);
        key.SetDword("StatusFlags", StatusFlags);
        key.SetBinary("Version", VersionValue(package));
    }

    private static void Configure(HiveKey key, DriverInstall install)
    {
        key.SetDword("ConfigFlags", 0);
        key.SetDword("ConfigScope", ConfigScope);
        if (install.FunctionService is { } service)
            key.SetString("Service", service.Name);
        foreach (var line in install.HardwareRegistry)
            RegistryWriting.Apply(key.Create("Device"), line);
        foreach (var line in install.Registry)
            RegistryWriting.Apply(key.Create("Driver"), line);
        foreach (var (name, line) in install.Services.SelectMany(static s => s.Registry.Select(r => (s.Name, r))))
            RegistryWriting.Apply(key.Create($@"Services\{name}"), line);
    }

    private void Enter(HiveKey key, DriverModel model, string section)
    {
        foreach (var id in model.CompatibleIds.Prepend(model.HardwareId))
        {
            var entry = database.Create($@"DeviceIds\{id}");
            // One package may list an id as its own for one model and as compatible for another: its own counts.
            if (id == model.HardwareId || entry.Value(infName) is null)
                entry.SetBinary(infName, id == model.HardwareId ? HardwareRank : CompatibleRank);
            var descriptor = key.Create($@"Descriptors\{id}");
            descriptor.SetString("Configuration", section);
            descriptor.SetString("Description", Token(model.DescriptionToken));
            descriptor.SetString("Manufacturer", Token(model.ManufacturerToken));
        }

        database.Create($@"DeviceIds\{package.ClassGuid.ToString("B", CultureInfo.InvariantCulture)}").Set(infName, RegistryValueType.None, []);
    }

    private string Token(string token) => package.Strings.ContainsKey(token.Trim('%')) ? $"%{token.Trim('%').ToLowerInvariant()}%" : token;

    /// <summary>OemInfMap has one bit for each oemN.inf, the highest first; the guest's own bits stay.</summary>
    private void MarkInUse()
    {
        if (!int.TryParse(infName.Substring(3, infName.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return;
        var map = database.Value("OemInfMap")?.Bytes.ToArray() ?? [];
        if (map.Length <= number / 8)
            Array.Resize(ref map, (number / 8) + 1);
        map[number / 8] |= (byte)(0x80 >> (number % 8));
        database.SetBinary("OemInfMap", map);
    }
}
