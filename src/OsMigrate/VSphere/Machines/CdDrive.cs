using System.Xml.Linq;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using OsMigrate.VSphere.Tasks;

namespace OsMigrate.VSphere.Machines;

/// <summary>The first CD drive of a machine: puts an ISO file of a datastore in, and what was in it before back.</summary>
/// <remarks>vSphere Web Services API, VirtualCdrom and VirtualDeviceConfigSpec.</remarks>
internal sealed class CdDrive
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly VSphereSession _session;
    private readonly MoRef _machine;
    private readonly string _name;
    private readonly VimData _device;
    private readonly CancellationToken _cancel;

    private CdDrive(VSphereSession session, MoRef machine, string name, VimData device, CancellationToken cancel)
        => (_session, _machine, _name, _device, _cancel) = (session, machine, name, device, cancel);

    /// <summary>Null when the machine has no CD drive.</summary>
    public static CdDrive? Find(VSphereSession session, MoRef machine, string name, CancellationToken cancel)
        => Devices(session, machine, cancel).Where(static d => d.TypeName == "VirtualCdrom").Select(d => new CdDrive(session, machine, name, d, cancel)).FirstOrDefault();

    /// <summary>Adds a drive on the first IDE or SATA controller; the machine is off.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereUnsupported"/>: there is no such controller.</exception>
    public static void Add(VSphereSession session, MoRef machine, string name, CancellationToken cancel)
    {
        var devices = Devices(session, machine, cancel);
        var controller = devices.Where(static d => d.TypeName is "VirtualAHCIController" or "VirtualIDEController").Select(static d => d.Int("key")).FirstOrDefault()
            ?? throw new OsMigrateException(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"'{name}' has neither a SATA nor an IDE controller for a CD drive.", name) { Advice = "Add a CD drive in vSphere." };
        var used = devices.Where(d => d.Int("controllerKey") == controller).Select(static d => d.Int("unitNumber") ?? -1).ToList();
        var unit = Enumerable.Range(0, 30).First(u => !used.Contains(u));
        Change(session, machine, $"to add a CD drive to '{name}'", "add", VimXml.Node(
            "device",
            "VirtualCdrom",
            VimXml.Arg("key", -1),
            VimXml.Node("backing", "VirtualCdromRemotePassthroughBackingInfo", VimXml.Arg("deviceName", ""), VimXml.Arg("exclusive", false)),
            Connectable(false),
            VimXml.Arg("controllerKey", controller),
            VimXml.Arg("unitNumber", unit)), cancel);
    }

    /// <summary>Puts an ISO in and connects it.</summary>
    public void Insert(DatastorePath iso)
        => Edit($"to put '{iso}' into the CD drive of '{_name}'", VimXml.Node("backing", "VirtualCdromIsoBackingInfo", VimXml.Arg("fileName", iso.ToString())), true);

    /// <summary>Puts back what was in it when it was found.</summary>
    public void Restore()
    {
        var before = _device.Child("backing");
        var backing = before is { TypeName: "VirtualCdromIsoBackingInfo" } iso
            ? VimXml.Node("backing", "VirtualCdromIsoBackingInfo", VimXml.Arg("fileName", iso.Text("fileName") ?? ""))
            : VimXml.Node("backing", before?.TypeName is "VirtualCdromAtapiBackingInfo" or "VirtualCdromPassthroughBackingInfo" ? before.Value.TypeName : "VirtualCdromRemotePassthroughBackingInfo", VimXml.Arg("deviceName", before?.Text("deviceName") ?? ""), before?.TypeName is "VirtualCdromAtapiBackingInfo" ? null : VimXml.Arg("exclusive", false));
        Edit($"to take the ISO out of the CD drive of '{_name}'", backing, _device.At("connectable")?.Bool("connected") ?? false);
    }

    private void Edit(string what, XElement backing, bool connected)
        => Change(_session, _machine, what, "edit", VimXml.Node("device", "VirtualCdrom", VimXml.Arg("key", _device.Int("key") ?? 3000), backing, Connectable(connected), Number("controllerKey"), Number("unitNumber")), _cancel);

    private XElement? Number(string name) => _device.Int(name) is { } number ? VimXml.Arg(name, number) : null;

    private static XElement Connectable(bool connected)
        => VimXml.Node("connectable", null, VimXml.Arg("startConnected", connected), VimXml.Arg("allowGuestControl", true), VimXml.Arg("connected", connected));

    private static void Change(VSphereSession session, MoRef machine, string what, string operation, XElement device, CancellationToken cancel)
        => new VimTask(session).Run("ReconfigVM_Task", machine, what, Limit, null, cancel, VimXml.Node("spec", null, VimXml.Node("deviceChange", "VirtualDeviceConfigSpec", VimXml.Arg("operation", operation), device)));

    private static List<VimData> Devices(VSphereSession session, MoRef machine, CancellationToken cancel)
        => new PropertyQuery(session).Of(machine, ["config.hardware.device"], cancel).Data("config.hardware.device")?.List("VirtualDevice").ToList() ?? [];
}
