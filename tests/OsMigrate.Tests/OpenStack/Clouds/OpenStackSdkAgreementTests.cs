using System.Diagnostics;
using System.Text.Json;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Clouds;

/// <summary>The same files and variables through openstacksdk: both must see the same cloud.</summary>
public class OpenStackSdkAgreementTests
{
    private const string Program = """
        import json, os, openstack.config as c
        l = c.OpenStackConfig()
        # openstackclient hands the variable on in this way; the library alone takes it for a cloud of the environment only.
        r = l.get_one(region_name=os.environ.get('OS_REGION_NAME'))
        a = r.config['auth']
        def v(k): return a.get(k)
        verify, cert = r.get_requests_verify_args()
        print(json.dumps(dict(name=r.name, auth_url=v('auth_url'), username=v('username'), user_id=v('user_id'), password=v('password'),
          project_name=v('project_name'), project_id=v('project_id'), region=r.config.get('region_name') or None,
          interface=r.config.get('interface') or 'public', verify=verify is not False, cacert=verify if isinstance(verify, str) else None,
          acid=v('application_credential_id'), override=r.config.get('image_endpoint_override'), image_format=r.config.get('image_format'))))
        """;

    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "one cloud", "clouds: {lab: {auth: {auth_url: 'http://k:5000/v3', username: u, password: p, project_name: x}}}", "", "" },
        { "old names", "clouds: {lab: {auth: {auth_url: 'http://k:5000/v3', username: u, password: p, tenant_name: x}, endpoint_type: internal}}", "", "" },
        { "outside auth", "clouds: {lab: {auth: {auth_url: 'http://k:5000/v3', username: u}, password: p, project_id: x, region_name: R}}", "", "" },
        { "dashes", "clouds: {lab: {auth: {auth-url: 'http://k:5000/v3', username: u, password: p}, region-name: R, image-endpoint-override: 'http://i:9292'}}", "", "" },
        { "secure", "clouds: {lab: {auth: {auth_url: 'http://k:5000/v3', username: u, password: clear}}}", "clouds: {lab: {auth: {password: hidden}}}", "" },
        { "verify", "clouds: {lab: {verify: false, cacert: /etc/hosts, auth: {auth_url: 'http://k:5000/v3', username: u, password: p}}}", "", "" },
        { "insecure", "clouds: {lab: {insecure: true, auth: {auth_url: 'http://k:5000/v3', username: u, password: p}}}", "", "" },
        { "cacert", "clouds: {lab: {cacert: /etc/hosts, auth: {auth_url: 'http://k:5000/v3', username: u, password: p}}}", "", "" },
        { "regions", "clouds: {lab: {regions: [{name: A, values: {image_format: raw}}, B], auth: {auth_url: 'http://k:5000/v3', username: u, password: p}}}", "", "" },
        { "application credential", "clouds: {lab: {auth_type: v3applicationcredential, auth: {auth_url: 'http://k:5000/v3', application_credential_id: i, application_credential_secret: s}}}", "", "" },
        { "anchors", "base: &b {auth_url: 'http://k:5000/v3', username: u}\nclouds: {lab: {auth: {<<: *b, password: p}}}", "", "" },
        { "chosen by variable", "clouds: {lab: {auth: {auth_url: 'http://k/v3', username: u, password: p}}, two: {auth: {auth_url: 'http://two/v3', username: u2, password: p2}}}", "", "OS_CLOUD=two OS_REGION_NAME=R7" },
        { "environment", "clouds: {lab: {auth: {auth_url: 'http://k/v3', username: u, password: p}}}", "", "OS_AUTH_URL=http://e/v3 OS_USERNAME=eu OS_PASSWORD=ep OS_PROJECT_NAME=ex OS_REGION_NAME=ER" },
        { "environment, old names", "", "", "OS_AUTH_URL=http://e/v3 OS_USERNAME=eu OS_PASSWORD=ep OS_TENANT_NAME=ex OS_ENDPOINT_TYPE=internal" },
        { "environment under another name", "clouds: {envvars: {auth: {auth_url: 'http://k/v3', username: u, password: p}}}", "", "OS_CLOUD_NAME=mine OS_AUTH_URL=http://e/v3 OS_USERNAME=eu OS_PASSWORD=ep" },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Both_see_the_same_cloud(string label, string clouds, string secure, string variables)
    {
        const string python = "/usr/bin/python3";
        Skip.IfNot(File.Exists(python) && Tool.Run(python, "-c", "import openstack.config").ExitCode == 0, "openstacksdk (Debian: python3-openstacksdk) is not installed");
        using var folder = new TempFolder();
        if (clouds.Length > 0)
            File.WriteAllText(folder.File("clouds.yaml"), clouds);
        if (secure.Length > 0)
            File.WriteAllText(folder.File("secure.yaml"), secure);
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);

        using var theirs = JsonDocument.Parse(Ask(python, folder.Path, set));
        var ours = CloudSettings.Load(new CloudFiles([folder.Path]), new CloudVariables(set), folder.Path).Cloud(null);

        var expected = theirs.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.Null ? null : p.Value.ToString(), StringComparer.Ordinal);
        var actual = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["name"] = ours.Name,
            ["auth_url"] = ours.AuthUrl.OriginalString,
            ["username"] = ours.Credentials.UserName,
            ["user_id"] = ours.Credentials.UserId,
            ["password"] = ours.Credentials.Password?.Reveal(),
            ["project_name"] = ours.Credentials.Scope.ProjectName,
            ["project_id"] = ours.Credentials.Scope.ProjectId,
            ["region"] = ours.RegionName,
            ["interface"] = ours.Interface,
            ["verify"] = ours.Tls.Verify.ToString(),
            ["cacert"] = ours.Tls.Verify ? ours.Tls.AuthorityFile : null,
            ["acid"] = ours.Credentials.ApplicationCredentialId,
            ["override"] = ours.EndpointOverrides.TryGetValue("image", out var image) ? image.OriginalString : null,
            ["image_format"] = ours.ImageFormat,
        };
        Assert.True(expected.Count == actual.Count, label);
        Assert.Equal(Lines(expected), Lines(actual));
    }

    private static IEnumerable<string> Lines(Dictionary<string, string?> values) => values.Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal);

    private static string Ask(string python, string folder, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(python) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = folder;
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.ArgumentList.Add("-W");
        start.ArgumentList.Add("ignore");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Program);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
