using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Soap;

/// <summary>Turns faults of vSphere into our own errors. The only place that does.</summary>
/// <remarks>vSphere Web Services API, MethodFault and what derives from it.</remarks>
internal static class VimFaults
{
    private static readonly string[] States =
    [
        "InvalidPowerState", "InvalidState", "TaskInProgress", "ConcurrentAccess", "FileLocked", "ToolsUnavailable", "GuestOperationsUnavailable",
        "VmToolsUpgradeFault", "ResourceInUse", "InvalidVmState", "QuestionPending", "HostNotConnected", "HostNotReachable", "HostCommunication", "MigrationFault", "VmConfigFault",
    ];

    /// <summary>Makes an error of a SOAP fault.</summary>
    /// <param name="fault">The Fault element.</param>
    /// <param name="what">What was asked for, for the message: "CreateSnapshot_Task on vm-42".</param>
    public static VimException FromSoap(VimData fault, string server, string what)
    {
        var first = fault.Children.Where(static c => c.Name == "detail").SelectMany(static c => c.Children).Select(static c => (VimData?)c).FirstOrDefault();
        var type = first is { } f ? f.TypeName.Length > 0 ? f.TypeName : Stem(f.Name) : "";
        var text = fault.Children.Where(static c => c.Name == "faultstring").Select(static c => c.Value).FirstOrDefault();
        return Make(type, text, first, server, what);
    }

    /// <summary>Makes an error of a LocalizedMethodFault: what tasks and leases end in.</summary>
    public static VimException FromMethod(VimData? fault, string server, string what)
        => Make(fault?.Child("fault")?.TypeName ?? "", fault?.Text("localizedMessage"), fault?.Child("fault"), server, what);

    /// <summary>What a LocalizedMethodFault that is only a warning says.</summary>
    public static string Reason(VimData fault)
        => Shorten(fault.Text("localizedMessage") is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : fault.Child("fault")?.TypeName ?? "");

    private static VimException Make(string type, string? text, VimData? detail, string server, string what)
    {
        var (id, kind, advice) = Meaning(type, detail);
        var reason = string.IsNullOrWhiteSpace(text) || text == type ? type.Length == 0 ? "it gives no reason" : type : text!.Trim().TrimEnd('.');
        var named = type.Length == 0 || reason.Contains(type) ? "" : $" ({type})";
        return new VimException(id, kind, $"{server} refused {what}: {Shorten(reason)}{named}{Extra(type, detail)}.", server, type) { Advice = advice };
    }

    private static (string Id, ErrorKind Kind, string? Advice) Meaning(string type, VimData? detail) => type switch
    {
        "InvalidLogin" or "InvalidLocale" => (ErrorIds.VSphereUnauthorized, ErrorKind.PermissionDenied, "Check user name, domain (user@domain) and password."),
        "NotAuthenticated" => (ErrorIds.VSphereUnauthorized, ErrorKind.PermissionDenied, "The session has ended: connect again."),
        "NoPermission" or "RestrictedVersion" => (ErrorIds.VSphereForbidden, ErrorKind.PermissionDenied, detail?.Text("privilegeId") is { } privilege ? $"Give the user the privilege {privilege}." : "The user's role, or the host's licence, does not allow it."),
        "ManagedObjectNotFound" or "NotFound" or "FileNotFound" => (ErrorIds.VSphereNotFound, ErrorKind.NotFound, null),
        "InvalidGuestLogin" or "GuestPermissionDenied" => (ErrorIds.VSphereUnauthorized, ErrorKind.PermissionDenied, "Check the guest's user and password: it must be an administrator of the guest."),
        "NotSupported" or "NotImplemented" or "MethodNotFound" => (ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, null),
        "Timedout" => (ErrorIds.VSphereTimeout, ErrorKind.ResourceUnavailable, null),
        "InvalidRequest" or "InvalidArgument" or "InvalidProperty" => (ErrorIds.VSphereRefused, ErrorKind.InvalidArgument, null),
        _ when States.Contains(type, StringComparer.Ordinal) => (ErrorIds.VSphereState, ErrorKind.ResourceUnavailable, null),
        _ => (ErrorIds.VSphereRefused, ErrorKind.ResourceUnavailable, null),
    };

    private static string Extra(string type, VimData? detail) => type switch
    {
        "InvalidArgument" or "InvalidProperty" when (detail?.Text("invalidProperty") ?? detail?.Text("name")) is { Length: > 0 } name => $", about {Shorten(name)}",
        "InvalidPowerState" when detail?.Text("existingState") is { Length: > 0 } state => $": the machine is {Shorten(state)}",
        _ => "",
    };

    private static string Stem(string name) => name.EndsWith("Fault", StringComparison.Ordinal) ? name.Substring(0, name.Length - 5) : name;

    private static string Shorten(string text)
    {
        var clean = new string(text.Select(static c => char.IsControl(c) ? ' ' : c).ToArray());
        return clean.Length > 500 ? clean.Substring(0, 500) + " ..." : clean;
    }
}

/// <summary>vSphere answered with a fault.</summary>
public sealed class VimException : OsMigrateException
{
    internal VimException(string errorId, ErrorKind kind, string message, string target, string faultType)
        : base(errorId, kind, message, target) => FaultType = faultType;

    /// <summary>vSphere's own name of the fault: "InvalidPowerState"; empty when it gave none.</summary>
    public string FaultType { get; }
}
