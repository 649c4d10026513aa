using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Identity;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Configuration.Probes;

/// <summary>Asks an address whether it is Keystone's v3 API, and logs in there as the service would.</summary>
internal static class KeystoneProbe
{
    /// <param name="credentials">Null to look at the address only.</param>
    public static ProbeResult Run(Uri url, TlsSettings tls, CloudCredentials? credentials, string? region, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            using var transport = new HttpTransport(tls, limit);
            if (!OffersV3(url, transport, cancel))
                return new(ProbeOutcome.WrongServer, "what answers there does not offer Keystone's v3 API");
            return credentials is null ? new(ProbeOutcome.Works, "") : Login(url, credentials, region, transport, cancel);
        }
        catch (CloudException e) when (e.ErrorId == ErrorIds.CloudUnauthorized)
        {
            return new(ProbeOutcome.Refused, e.Reason ?? "user or password is refused");
        }
        catch (OsMigrateException e)
        {
            return new(Outcome(e.ErrorId), e.Message.TrimEnd('.'));
        }
    }

    private static bool OffersV3(Uri url, HttpTransport transport, CancellationToken cancel)
    {
        var reply = transport.Send(new HttpCall("GET", url) { Headers = [new("Accept", "application/json")], IsRepeatable = false }, cancel);
        if (!reply.IsSuccess && reply.Status != 300)
            return false;
        // Other services have a v3 too; only Keystone's document speaks of identity.
        return System.Text.Encoding.UTF8.GetString(reply.Body).Contains("openstack.identity-v3");
    }

    private static ProbeResult Login(Uri url, CloudCredentials credentials, string? region, HttpTransport transport, CancellationToken cancel)
    {
        var client = new IdentityClient(new CloudConfig { Name = url.Host, Origin = "configuration file", AuthUrl = url, Credentials = credentials }, transport);
        var token = client.Authenticate(cancel);
        client.Revoke(token, cancel);
        var regions = token.Catalogue.Regions;
        return region is { Length: > 0 } && regions.Count > 0 && !regions.Contains(region)
            ? new(ProbeOutcome.Missing, $"the catalogue has no region '{region}' but {string.Join(", ", regions)}")
            : new(ProbeOutcome.Works, $"as {token.UserName} in {token.ProjectName}");
    }

    private static ProbeOutcome Outcome(string errorId) => errorId switch
    {
        ErrorIds.NetCertificate => ProbeOutcome.Certificate,
        ErrorIds.NetUnreachable or ErrorIds.NetTimeout or ErrorIds.NetInterrupted => ProbeOutcome.Unreachable,
        _ => ProbeOutcome.WrongServer,
    };
}
