using System.Text;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.Tests.OpenStack.Configuration;

public class ConfigValueTests
{
    [Theory]
    [InlineData("$my_ip", "10.0.0.1")]
    [InlineData("${my_ip}:80", "10.0.0.1:80")]
    [InlineData("$vnc.server_listen", "10.0.0.1!")]
    [InlineData("${vnc.server_listen}", "10.0.0.1!")]
    [InlineData("a$$b\\$c", "a$b$c")]
    [InlineData("$ and 5$", "$ and 5$")]
    [InlineData("${my_ip", "${my_ip")]
    [InlineData("$nowhere", "$nowhere")]
    [InlineData("$state_path", "/var/lib/nova")]
    public void References_are_filled_in(string value, string filled)
        => Assert.Equal(filled, Config($"[DEFAULT]\nstate_path = /var/lib/nova\nmy_ip = 10.0.0.1\nhost = {value}\n[vnc]\nserver_listen = $my_ip!\n").Value("DEFAULT", "host"));

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public void References_that_grow_without_end_are_stopped(int length)
    {
        var text = new StringBuilder("[DEFAULT]\nx0 = " + new string('a', length) + "\n");
        for (var i = 1; i < 15; i++)
            text.Append(null, $"x{i} = {string.Concat(Enumerable.Repeat($"$x{i - 1}", 10))}\n");
        text.Append("state_path = $x14\n");
        var config = Config(text.ToString());
        var hit = config.Hit("DEFAULT", "state_path")!;
        Assert.Equal("TooLong", config.FaultOf(hit.Item)?.Kind);
    }

    [Fact]
    public void Later_files_win_and_old_names_count()
    {
        var set = new ConfigSet("n1", ServiceName.Nova, null, [Sample.One("[DEFAULT]\ndebug = false\nlock_path = /a\n"), Sample.One("[DEFAULT]\ndebug = true\n[pci]\nalias = 1\n"), Sample.One("[pci]\nalias = 2\nalias = 3\n")]);
        var config = new EffectiveConfig(set, OptionTables.Of(ServiceName.Nova, "zed"));
        Assert.Equal("true", config.Value("DEFAULT", "debug"));
        Assert.Equal("/a", config.Value("oslo_concurrency", "lock_path"));
        Assert.Equal(["1", "2", "3"], config.HitsOf("pci", "alias").Select(h => h.Item.Value));
    }

    [Theory]
    [InlineData("password", "abc", "***")]
    [InlineData("memcache_secret_key", "abc", "***")]
    [InlineData("metadata_proxy_shared_secret", "abc", "***")]
    [InlineData("admin_token", "abc", "***")]
    [InlineData("rabbit_password", "abc", "***")]
    [InlineData("san_password", "abc", "***")]
    [InlineData("token", "abc", "***")]
    [InlineData("password_hash_rounds", "4", "4")]
    [InlineData("key_file", "/x", "/x")]
    [InlineData("connection", "mysql+pymysql://n:p@h/d?charset=utf8", "mysql+pymysql://n:***@h/d?charset=utf8")]
    [InlineData("connection", "mysql://n:p@a/ss@h/d", "mysql://n:***@h/d")]
    [InlineData("transport_url", "rabbit://a:b/c@h:1,c:d@i:2/v", "rabbit://a:***@i:2/v")]
    [InlineData("anything", "http://h:80/a", "http://h:80/a")]
    [InlineData("transport_url", "rabbit://a:b@h:1,c:d@i:2/v", "rabbit://a:***@h:1,c:***@i:2/v")]
    [InlineData("anything", "http://u:p@proxy:8080/", "http://u:***@proxy:8080/")]
    [InlineData("anything", "http://h/?password=x&y=1", "http://h/?password=***&y=1")]
    [InlineData("auth_url", "http://10.0.0.1:5000/v3", "http://10.0.0.1:5000/v3")]
    public void Secrets_are_stars(string name, string value, string shown)
        => Assert.Equal(shown, SecretValues.Mask(name, value, null));

    [Fact]
    public void Every_option_that_the_packages_call_secret_is_masked()
    {
        foreach (var service in Enum.GetValues<ServiceName>())
        {
            foreach (var option in OptionTables.Of(service, "zed").All.Where(o => o.IsSecret))
                Assert.DoesNotContain("Geheim", SecretValues.Mask(option.Name, option.Name.Contains("connection", StringComparison.Ordinal) || option.Name == "transport_url" ? "a://b:Geheim@c/d" : "Geheim", option), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tables_know_what_they_should()
    {
        var nova = OptionTables.Of(ServiceName.Nova, "zed");
        Assert.InRange(nova.All.Count(), 1000, 1400);
        Assert.Contains("lioadm", OptionTables.Of(ServiceName.Cinder, "zed").Find("backend_defaults", "target_helper")!.Type.Choices);
        Assert.True(nova.Find("DEFAULT", "transport_url")!.IsSecret);
        Assert.Equal("www_authenticate_uri", nova.Find("keystone_authtoken", "www_authenticate_uri")!.Name);
        Assert.Equal("lock_path", nova.FindByOldName("DEFAULT", "lock_path")!.Name);
        Assert.All(Enum.GetValues<ServiceName>(), s => Assert.NotEmpty(OptionTables.Of(s, OptionTables.Newest).All));
    }

    [Theory]
    [InlineData("mysql+pymysql://u:p%40@h:3307/d?charset=utf8", "mysql", "pymysql", "u", "p@", "h", 3307, "d")]
    [InlineData("postgresql://h/d", "postgresql", null, null, null, "h", null, "d")]
    [InlineData("sqlite:////x/y.db", "sqlite", null, null, null, null, null, "/x/y.db")]
    [InlineData("mysql://u:p@[::1]:3306/d", "mysql", null, "u", "p", "::1", 3306, "d")]
    public void Addresses_of_databases_are_taken_apart(string text, string dialect, string? driver, string? user, string? password, string? host, int? port, string database)
    {
        var url = DatabaseUrl.Parse(text)!;
        Assert.Equal((dialect, driver, user, password, host, port, database), (url.Dialect, url.Driver, url.User, url.Password?.Reveal(), url.Host, url.Port, url.Database));
    }

    [Theory]
    [InlineData("rabbit://u:p@h:5671,u:p@[::1]:5672/v?ssl=1", 2, "v", true)]
    [InlineData("rabbit://h/", 1, "/", false)]
    [InlineData("rabbit://", 0, "/", false)]
    public void Addresses_of_brokers_are_taken_apart(string text, int hosts, string path, bool tls)
    {
        var url = TransportUrl.Parse(text).Url!;
        Assert.Equal((hosts, path, tls), (url.Hosts.Count, url.VirtualHost, url.UsesTls));
    }

    private static EffectiveConfig Config(string text) => new(new ConfigSet("n1", ServiceName.Nova, null, [Sample.One(text)]), OptionTables.Of(ServiceName.Nova, "zed"));
}
