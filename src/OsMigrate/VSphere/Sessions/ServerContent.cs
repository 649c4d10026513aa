using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Sessions;

/// <summary>What a server says of itself before anyone has logged in.</summary>
/// <remarks>vSphere Web Services API, ServiceContent and AboutInfo.</remarks>
internal sealed class ServerContent(VimData content)
{
    public MoRef RootFolder { get; } = content.Ref("rootFolder") ?? default;

    public MoRef PropertyCollector { get; } = content.Ref("propertyCollector") ?? default;

    public MoRef ViewManager { get; } = content.Ref("viewManager") ?? default;

    public MoRef SessionManager { get; } = content.Ref("sessionManager") ?? default;

    public MoRef? GuestOperations { get; } = content.Ref("guestOperationsManager");

    public MoRef? CustomFields { get; } = content.Ref("customFieldsManager");

    public MoRef? SearchIndex { get; } = content.Ref("searchIndex");

    /// <summary>Writes and reads OVF descriptors.</summary>
    public MoRef? OvfManager { get; } = content.Ref("ovfManager");

    public string FullName { get; } = content.At("about", "fullName")?.Value ?? "";

    public string Version { get; } = content.At("about", "version")?.Value ?? "";

    public string Build { get; } = content.At("about", "build")?.Value ?? "";

    /// <summary>Version of the API: what the header SOAPAction asks for.</summary>
    public string ApiVersion { get; } = content.At("about", "apiVersion")?.Value is { Length: > 0 and < 20 } version && version.All(static c => char.IsDigit(c) || c == '.') ? version : "6.0";

    public string InstanceUuid { get; } = content.At("about", "instanceUuid")?.Value ?? "";

    /// <summary>False for an ESXi host.</summary>
    public bool IsVCenter { get; } = content.At("about", "apiType")?.Value == "VirtualCenter";
}
