using OsMigrate.Bytes;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Clouds;

public class CloudSettingsTests
{
    private const string Lab = """
        clouds:
          lab:
            auth: {auth_url: https://keystone.example:5000/v3, username: demo, password: canary-1, project_name: demo}
            region_name: RegionOne
        """;

    [Fact]
    public void The_only_cloud_of_a_file_is_the_default()
    {
        var cloud = Cloud(Lab);
        Assert.Equal("lab", cloud.Name);
        Assert.Equal("https://keystone.example:5000/v3", cloud.AuthUrl.ToString());
        Assert.Equal(["password"], cloud.Credentials.Methods);
        Assert.Equal("default", cloud.Credentials.UserDomainId);
        Assert.Equal("default", cloud.Credentials.Scope.ProjectDomainId);
        Assert.Equal("canary-1", cloud.Credentials.Password!.Reveal());
        Assert.Equal("RegionOne", cloud.RegionName);
        Assert.Equal("public", cloud.Interface);
        Assert.True(cloud.Tls.Verify);
    }

    [Fact]
    public void Secrets_are_not_printed()
        => Assert.DoesNotContain("canary", Cloud(Lab).ToString());

    [Fact]
    public void Secure_yaml_is_laid_over_clouds_yaml()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), "clouds: {lab: {auth: {auth_url: 'http://k/v3', username: demo, project_id: p}}}");
        File.WriteAllText(folder.File("secure.yml"), "clouds: {lab: {auth: {password: from-secure}}}");
        Assert.Equal("from-secure", Load(folder).Cloud(null).Credentials.Password!.Reveal());
    }

    [Fact]
    public void A_profile_of_clouds_public_fills_in_what_the_cloud_leaves_open()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), "clouds: {lab: {profile: big, auth: {username: demo, password: x}, region_name: R2}}");
        File.WriteAllText(folder.File("clouds-public.yaml"), "public-clouds: {big: {auth: {auth_url: 'https://big/v3'}, region_name: R1, interface: internal}}");
        var cloud = Load(folder).Cloud("lab");
        Assert.Equal("https://big/v3", cloud.AuthUrl.ToString());
        Assert.Equal(("R2", "internal"), (cloud.RegionName, cloud.Interface));
    }

    [Fact]
    public void The_environment_is_a_cloud_of_its_own_and_the_default()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), Lab);
        var settings = Load(folder, ("OS_AUTH_URL", "http://other/v3"), ("OS_USERNAME", "u"), ("OS_PASSWORD", "p"), ("OS_PROJECT_NAME", "x"), ("OS_USER_DOMAIN_NAME", "Default"), ("OS_PROJECT_DOMAIN_ID", "d"), ("OS_IDENTITY_API_VERSION", "3"));
        Assert.Equal("envvars", settings.DefaultName);
        var cloud = settings.Cloud(null);
        Assert.Equal("environment", cloud.Origin);
        Assert.Equal("Default", cloud.Credentials.UserDomainName);
        Assert.Null(cloud.Credentials.UserDomainId);
        Assert.Equal("d", cloud.Credentials.Scope.ProjectDomainId);
        Assert.Equal("https://keystone.example:5000/v3", settings.Cloud("lab").AuthUrl.ToString());
    }

    [Fact]
    public void Variables_that_only_choose_make_no_cloud()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), "clouds: {a: {auth: {auth_url: 'http://a', username: u, password: p}}, b: {auth: {auth_url: 'http://b', username: u, password: p}}}");
        var settings = Load(folder, ("OS_CLOUD", "b"), ("OS_REGION_NAME", "R9"), ("OS_TEST_X", "1"));
        Assert.Equal(["a", "b"], settings.Names);
        Assert.Equal("R9", settings.Cloud(null).RegionName);
        Assert.Equal("http://b/", settings.Cloud(null).AuthUrl.ToString());
        Assert.Equal(ErrorIds.CloudUnknown, Assert.Throws<OsMigrateException>(() => Load(folder).Cloud(null)).ErrorId);
        Assert.Contains("a, b", Assert.Throws<OsMigrateException>(() => Load(folder).Cloud("c")).Advice);
    }

    [Fact]
    public void A_file_named_by_a_variable_comes_first()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), Lab);
        File.WriteAllText(folder.File("mine.yaml"), Lab.Replace("lab:", "mine:"));
        Assert.Equal(["mine"], Load(folder, ("OS_CLIENT_CONFIG_FILE", folder.File("mine.yaml"))).Names);
        Assert.Equal(["lab"], Load(folder, ("OS_CLIENT_CONFIG_FILE", folder.File("absent.yaml"))).Names);
    }

    [Theory]
    [InlineData("verify: false", false)]
    [InlineData("insecure: true", false)]
    [InlineData("insecure: True\n    verify: yes", true)]
    public void Switching_verification_off_is_noticed(string setting, bool verify)
    {
        var cloud = Cloud(Lab + "\n    " + setting);
        Assert.Equal(verify, cloud.Tls.Verify);
        Assert.Equal(verify ? 0 : 1, cloud.Notices.Count);
    }

    [Fact]
    public void Regions_may_bring_values_of_their_own()
    {
        const string text = """
            clouds:
              lab:
                auth: {auth_url: 'http://k/v3', username: u, password: p}
                regions:
                - name: A
                  values: {interface: internal, image_endpoint_override: 'http://a:9292'}
                - B
            """;
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), text);
        Assert.Equal(("A", "internal", "http://a:9292/"), (Load(folder).Cloud(null).RegionName, Load(folder).Cloud(null).Interface, Load(folder).Cloud(null).EndpointOverrides["image"].ToString()));
        Assert.Equal(("B", "public"), (Load(folder).Cloud(null, "B").RegionName, Load(folder).Cloud(null, "B").Interface));
        Assert.Contains("A, B", Assert.Throws<OsMigrateException>(() => Load(folder).Cloud(null, "C")).Message);
    }

    [Theory]
    [InlineData("auth_type: v3applicationcredential", "application_credential_id: i, application_credential_secret: s", "application_credential")]
    [InlineData("auth_type: v3applicationcredential", "application_credential_name: n, username: u, application_credential_secret: s", "application_credential")]
    [InlineData("auth_type: v3totp", "username: u, passcode: '123456'", "totp")]
    [InlineData("auth_type: token", "token: t, project_id: p", "token")]
    [InlineData("auth_type: v3multifactor\n    auth_methods: [v3password, v3totp]", "username: u, password: p, passcode: '1'", "password totp")]
    [InlineData("auth_type: v3multifactor\n    auth_methods: v3password,v3totp", "username: u, password: p, passcode: '1'", "password totp")]
    [InlineData("auth_type: v3oidcaccesstoken", "identity_provider: i, protocol: openid, access_token: t", "oidc")]
    [InlineData("region_name: x", "token: t", "token")]
    public void Each_way_of_authentication_is_understood(string type, string auth, string methods)
        => Assert.Equal(methods.Split(' '), Cloud($"clouds:\n  lab:\n    {type}\n    auth: {{auth_url: 'http://k/v3', {auth}}}").Credentials.Methods);

    [Theory]
    [InlineData("auth_type: v3oauth1", "username: u", "v3oauth1")]
    [InlineData("auth_type: password", "username: u", "password")]
    [InlineData("auth_type: v3totp", "username: u", "passcode")]
    [InlineData("auth_type: v3applicationcredential", "application_credential_id: u", "application_credential_secret")]
    [InlineData("auth_type: v3oidcpassword", "username: u, password: canary", "endpoint")]
    [InlineData("verify: perhaps", "username: u, password: canary", "verify")]
    [InlineData("interface: secret", "username: u, password: canary", "interface")]
    public void What_is_missing_or_wrong_is_named(string type, string auth, string named)
    {
        var error = Assert.Throws<OsMigrateException>(() => Cloud($"clouds:\n  lab:\n    {type}\n    auth: {{auth_url: 'http://k/v3', {auth}}}"));
        Assert.Equal(ErrorIds.CloudSettings, error.ErrorId);
        Assert.Contains(named, error.Message);
        Assert.DoesNotContain("canary", error.Message);
    }

    [Fact]
    public void An_address_with_a_password_in_it_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<OsMigrateException>(() => Cloud("clouds: {lab: {auth: {auth_url: 'http://u:canary@k/v3', username: u, password: p}}}"));
        Assert.DoesNotContain("canary", error.Message);
    }

    private static CloudConfig Cloud(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("clouds.yaml"), text);
        return Load(folder).Cloud(null);
    }

    private static CloudSettings Load(TempFolder folder, params (string Name, string Value)[] variables)
        => CloudSettings.Load(new CloudFiles([folder.Path]), new CloudVariables(variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal)), folder.Path);
}
