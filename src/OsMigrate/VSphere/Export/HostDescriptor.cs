using System.Text;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Export;

/// <summary>A disk's file beside the descriptor.</summary>
/// <param name="DeviceId">The disk's key in a lease: <see cref="LeaseFile.Key"/>, or <see cref="LeaseDisks.KeyOf"/>.</param>
/// <param name="Path">Plain name.</param>
internal sealed record HostDescriptorFile(string DeviceId, string Path, long SizeBytes, long CapacityBytes);

/// <summary>The OVF descriptor of a machine that its server writes.</summary>
/// <param name="Utf8">As it came: nothing in it was looked at.</param>
/// <param name="Warnings">What the server left out, in its words.</param>
/// <remarks>vSphere Web Services API, OvfManager.CreateDescriptor, OvfCreateDescriptorParams, OvfFile. The machine may be on.</remarks>
internal sealed record HostDescriptor(byte[] Utf8, IReadOnlyList<string> Warnings)
{
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereUnsupported"/>: the server writes no descriptors.</exception>
    public static MoRef Require(VSphereSession session)
        => session.Content.OvfManager ?? throw new OsMigrateException(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{session.Name} writes no OVF descriptors.", session.Name);

    /// <param name="name">For the descriptor's ovf:id.</param>
    /// <exception cref="OsMigrateException">The server refused, or found something wrong.</exception>
    public static HostDescriptor Ask(VSphereSession session, MoRef machine, string name, IReadOnlyList<HostDescriptorFile> files, CancellationToken cancel)
    {
        // A description that is left out leaves the machine's notes as they are; media of drives are not exported.
        var wish = VimXml.Node("cdp", null, [.. files.Select(File), VimXml.Arg("name", name), VimXml.Arg("includeImageFiles", false)]);
        var answer = session.Ask("CreateDescriptor", Require(session), cancel, VimXml.Arg("obj", machine), wish);
        foreach (var error in answer.List("error"))
            throw VimFaults.FromMethod(error, session.Name, $"to describe '{name}'");
        return answer.Text("ovfDescriptor") is { Length: > 0 } text
            ? new HostDescriptor(new UTF8Encoding(false).GetBytes(text), [.. answer.List("warning").Select(static w => VimFaults.Reason(w))])
            : throw VimXml.Bad(session.Name, $"there is no descriptor of '{name}' in it", null);
    }

    private static System.Xml.Linq.XElement File(HostDescriptorFile file) => VimXml.Node(
        "ovfFiles", null, VimXml.Arg("deviceId", file.DeviceId), VimXml.Arg("path", file.Path), VimXml.Arg("size", file.SizeBytes), VimXml.Arg("capacity", file.CapacityBytes));
}
