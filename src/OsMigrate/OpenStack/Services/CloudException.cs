using OsMigrate.Bytes;
using OsMigrate.Net;

namespace OsMigrate.OpenStack.Services;

/// <summary>A service answered with an error: status, reason and request id, which its operators can look up.</summary>
public sealed class CloudException : OsMigrateException
{
    private CloudException(string errorId, ErrorKind kind, string message, string? target)
        : base(errorId, kind, message, target)
    {
    }

    /// <summary>Glance, Nova ...</summary>
    public string Service { get; private init; } = "";

    /// <summary>HTTP status.</summary>
    public int Status { get; private init; }

    /// <summary>The service's id of the request, or null.</summary>
    public string? RequestId { get; private init; }

    /// <summary>The service's own words, or null.</summary>
    public string? Reason { get; private init; }

    /// <param name="secrets">What the request carried: a service, or something in front of it, may give it back in its answer.</param>
    internal static CloudException From(ServiceKind service, HttpCall call, HttpReply reply, IEnumerable<Secret?> secrets)
    {
        var reason = Secret.Hide(ErrorBodies.Message(reply), secrets);
        var (id, kind) = Classify(reply.Status, reason ?? "");
        var requestId = RequestIdOf(reply);
        var trail = requestId is null ? $"HTTP {reply.Status}" : $"HTTP {reply.Status}, request {requestId}";
        return new CloudException(id, kind, $"{service.Name}: {reason ?? Usual(reply.Status)} ({trail}, {call.Method} {call.Address.AbsolutePath}).", call.Address.Host)
        {
            Service = service.Name, Status = reply.Status, RequestId = requestId, Reason = reason, Advice = Advise(id, service),
        };
    }

    internal static string? RequestIdOf(HttpReply reply) => reply.Header("x-openstack-request-id") ?? reply.Header("x-compute-request-id");

    private static (string Id, ErrorKind Kind) Classify(int status, string reason) => status switch
    {
        401 => (ErrorIds.CloudUnauthorized, ErrorKind.PermissionDenied),
        413 => (ErrorIds.CloudQuota, ErrorKind.ResourceUnavailable),
        403 or 409 or 400 when IsQuota(reason) => (ErrorIds.CloudQuota, ErrorKind.ResourceUnavailable),
        403 => (ErrorIds.CloudForbidden, ErrorKind.PermissionDenied),
        404 => (ErrorIds.CloudNotFound, ErrorKind.NotFound),
        409 => (ErrorIds.CloudConflict, ErrorKind.AlreadyExists),
        408 or 429 or >= 500 => (ErrorIds.CloudUnavailable, ErrorKind.ResourceUnavailable),
        _ => (ErrorIds.CloudRefused, ErrorKind.InvalidArgument),
    };

    private static bool IsQuota(string reason)
        => reason.IndexOf("quota", StringComparison.OrdinalIgnoreCase) >= 0 || reason.IndexOf("LimitExceeded", StringComparison.OrdinalIgnoreCase) >= 0;

    private static string Usual(int status) => status switch
    {
        401 => "the credentials were refused, or the token is no longer valid",
        403 => "this user may not do that in this project",
        404 => "there is no such thing",
        409 => "its present state does not allow that",
        413 => "a limit would be exceeded",
        429 => "too many requests",
        >= 500 => "the service failed",
        _ => "the request was refused",
    };

    private static string? Advise(string id, ServiceKind service) => id switch
    {
        ErrorIds.CloudQuota => "Free something, or ask for a larger quota. Get-OpenStackQuota shows what is used.",
        ErrorIds.CloudUnauthorized when service == ServiceKind.Identity => "Check user, password, domains and project; an application credential may have expired.",
        _ => null,
    };
}
