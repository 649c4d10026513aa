using OsMigrate.Net.Ssh;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Net.Ssh;

public sealed class KnownHostsTests : IDisposable
{
    private static readonly HostKey Ed = Key("ssh-ed25519", 1);
    private static readonly HostKey OtherEd = Key("ssh-ed25519", 2);
    private static readonly HostKey Rsa = Key("ssh-rsa", 3);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("web01", "WEB01", 22, nameof(HostKeyVerdict.Trusted))]
    [InlineData("web02,web01,10.0.0.1", "web01", 22, nameof(HostKeyVerdict.Trusted))]
    [InlineData("web01", "web01", 2222, nameof(HostKeyVerdict.Trusted))]
    [InlineData("[web01]:2222", "web01", 2222, nameof(HostKeyVerdict.Trusted))]
    [InlineData("[web01]:2222", "web01", 22, nameof(HostKeyVerdict.Unknown))]
    [InlineData("*.example.org", "web01.example.org", 22, nameof(HostKeyVerdict.Trusted))]
    [InlineData("web0?", "web01", 22, nameof(HostKeyVerdict.Trusted))]
    [InlineData("web0?", "web011", 22, nameof(HostKeyVerdict.Unknown))]
    [InlineData("*.example.org,!web01.example.org", "web01.example.org", 22, nameof(HostKeyVerdict.Unknown))]
    [InlineData("web.1", "web01", 22, nameof(HostKeyVerdict.Unknown))]
    public void Names_are_matched_as_OpenSSH_does(string names, string host, int port, string verdict)
        => Assert.Equal(verdict, Judge(Line(names, Ed), host, port, Ed).ToString());

    [Fact]
    public void Another_key_of_the_same_type_is_a_changed_key()
    {
        var known = Known("# comment", Line("other", Ed), Line("web01", Ed));
        Assert.Equal(HostKeyVerdict.Changed, known.Judge("web01", 22, OtherEd, out var line));
        Assert.Equal(3, line!.Number);
    }

    [Fact]
    public void A_key_of_another_type_does_not_make_a_known_host_new()
        => Assert.Equal(HostKeyVerdict.Changed, Judge(Line("web01", Rsa), "web01", 22, Ed));

    [Fact]
    public void Several_keys_of_a_host_are_all_good()
    {
        var known = Known(Line("web01", Rsa), Line("web01", Ed), Line("web01", OtherEd));
        Assert.All([Rsa, Ed, OtherEd], key => Assert.Equal(HostKeyVerdict.Trusted, known.Judge("web01", 22, key, out _)));
        Assert.Equal(["ssh-rsa", "ssh-ed25519"], known.TypesOf("web01", 22));
    }

    [Fact]
    public void A_revoked_key_is_refused_even_when_another_line_trusts_it()
        => Assert.Equal(HostKeyVerdict.Revoked, Known(Line("web01", Ed), "@revoked * " + Text(Ed)).Judge("web01", 22, Ed, out _));

    [Fact]
    public void An_authority_s_key_is_no_key_of_a_host()
        => Assert.Equal(HostKeyVerdict.Unknown, Judge("@cert-authority web01 " + Text(Ed), "web01", 22, Ed));

    [Theory]
    [InlineData("")]
    [InlineData("web01")]
    [InlineData("web01 ssh-ed25519")]
    [InlineData("web01 ssh-ed25519 %%%")]
    [InlineData("web01 ssh-ed25519 AAAA")]
    [InlineData("web01 ssh-ed25519 /////w==")]
    [InlineData("|1|x ssh-ed25519 AAAAC3Nz")]
    [InlineData("@revoked web01")]
    [InlineData("\0\0\0")]
    public void Lines_that_cannot_be_read_are_passed_over(string bad)
        => Assert.Equal(HostKeyVerdict.Trusted, Known(bad, Line("web01", Ed)).Judge("web01", 22, Ed, out _));

    [SkippableFact]
    public void Names_hashed_by_ssh_keygen_are_found()
    {
        Tool.Require("ssh-keygen");
        var file = _folder.File("hashed");
        Tool.Check("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", _folder.File("k"));
        var key = File.ReadAllText(_folder.File("k.pub")).Trim();
        File.WriteAllText(file, $"web01,10.0.0.1 {key}\n[web01]:2222 {key}\n");
        Tool.Check("ssh-keygen", "-q", "-H", "-f", file);
        Assert.DoesNotContain("web01", File.ReadAllText(file), StringComparison.Ordinal);
        var known = new KnownHosts([file]);
        var shown = new HostKey("ssh-ed25519", Convert.FromBase64String(key.Split(' ')[1]));
        Assert.Equal(HostKeyVerdict.Trusted, known.Judge("Web01", 22, shown, out _));
        Assert.Equal(HostKeyVerdict.Trusted, known.Judge("10.0.0.1", 22, shown, out _));
        Assert.Equal(HostKeyVerdict.Trusted, known.Judge("web01", 2222, shown, out _));
        Assert.Equal(HostKeyVerdict.Unknown, known.Judge("web02", 22, shown, out _));
        Assert.Equal(Tool.Check("ssh-keygen", "-lf", _folder.File("k.pub")).Split(' ')[1], shown.Fingerprint);
    }

    [Fact]
    public void A_new_key_is_added_below_a_last_line_without_an_end()
    {
        var file = _folder.File("known");
        File.WriteAllText(file, Line("other", Rsa));
        new KnownHosts([file]).Add("Web01", 2222, Ed);
        Assert.Equal([Line("other", Rsa), "[web01]:2222 " + Text(Ed)], File.ReadAllLines(file));
        Assert.Equal(HostKeyVerdict.Trusted, new KnownHosts([file]).Judge("web01", 2222, Ed, out _));
    }

    [Theory]
    [InlineData("web01", null, "web01", null)]
    [InlineData("ann@web01", "ann", "web01", null)]
    [InlineData("DOM\\ann@web01:2222", "DOM\\ann", "web01", 2222)]
    [InlineData("[fe80::1]:22", null, "fe80::1", 22)]
    [InlineData("fe80::1", null, "fe80::1", null)]
    public void Addresses_are_read(string text, string? user, string host, int? port)
        => Assert.Equal(new SshAddress(user, host, port), SshAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("@web01")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("web01:0")]
    [InlineData("web01:99999")]
    [InlineData("web01:ssh")]
    [InlineData("web 01")]
    [InlineData("web01/x")]
    [InlineData("[fe80::1")]
    [InlineData("[fe80::1]22")]
    public void What_is_no_address_is_refused(string text)
        => Assert.Equal(OsMigrate.Bytes.ErrorIds.SshSettings, Assert.Throws<OsMigrate.Bytes.OsMigrateException>(() => SshAddress.Parse(text)).ErrorId);

    private HostKeyVerdict Judge(string line, string host, int port, HostKey key) => Known(line).Judge(host, port, key, out _);

    private KnownHosts Known(params string[] lines)
    {
        var file = _folder.File("known_hosts");
        File.WriteAllLines(file, lines);
        return new KnownHosts([_folder.File("missing"), file]);
    }

    private static string Line(string names, HostKey key) => $"{names} {Text(key)}";

    private static string Text(HostKey key) => $"{key.Type} {Convert.ToBase64String(key.Blob)}";

    private static HostKey Key(string type, byte filling)
    {
        var blob = new List<byte>();
        SshWire.Append(blob, System.Text.Encoding.ASCII.GetBytes(type));
        SshWire.Append(blob, Enumerable.Repeat(filling, 32).ToArray());
        return new HostKey(type, [.. blob]);
    }
}
