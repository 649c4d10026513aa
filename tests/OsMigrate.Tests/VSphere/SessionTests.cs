using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

public class SessionTests
{
    [SkippableFact]
    public void A_wrong_password_is_one_clear_error_without_the_password()
    {
        using var peer = VCenterPeer.Start();
        using var session = new VSphereSession(Server(peer), VSphereLogin.WithPassword(VCenterPeer.User, new Secret("canary-password")));
        var fault = Assert.Throws<VimException>(() => session.Connect(None));
        Assert.Equal(ErrorIds.VSphereUnauthorized, fault.ErrorId);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Another_certificate_than_the_pinned_one_is_refused_and_named()
    {
        using var peer = VCenterPeer.Start();
        using var session = new VSphereSession(Server(peer, new string('a', 64)), VSphereLogin.WithPassword(VCenterPeer.User, new Secret(VCenterPeer.Password)));
        var fault = Assert.Throws<OsMigrateException>(() => session.Connect(None));
        Assert.Equal(ErrorIds.NetCertificate, fault.ErrorId);
        Assert.Contains("SHA-256", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_certificate_that_the_system_does_not_trust_is_refused()
    {
        using var peer = VCenterPeer.Start();
        using var session = new VSphereSession(VSphereServer.Of(peer.Address), VSphereLogin.WithPassword(VCenterPeer.User, new Secret(VCenterPeer.Password)));
        Assert.Equal(ErrorIds.NetCertificate, Assert.Throws<OsMigrateException>(() => session.Connect(None)).ErrorId);
    }

    [SkippableFact]
    public void A_session_that_ends_is_renewed_twenty_times()
    {
        using var peer = VCenterPeer.Start();
        using var session = Connect(peer);
        for (var i = 0; i < 20; i++)
        {
            peer.Fault("kind=sessions");
            Assert.NotEmpty(new VSphereInventory(session, None).Names());
        }

        // One more is the peer's own, which sets its machines up.
        Assert.Equal(22, peer.Calls.Count(c => c == "Login SessionManager"));
    }

    [SkippableFact]
    public void A_session_that_ends_between_a_view_or_a_page_and_its_reading_costs_only_time()
    {
        using var peer = VCenterPeer.Start(["-machines", "230"], []);
        using var session = Connect(peer);
        for (var i = 1; i <= 6; i++)
        {
            peer.Fault($"kind=sessions&after={i}");
            Assert.Equal(230, new VSphereInventory(session, None).Names().Count);
        }
    }

    [SkippableFact]
    public void Lost_and_refused_answers_to_questions_are_asked_again()
    {
        using var peer = VCenterPeer.Start();
        using var session = Connect(peer);
        peer.Fault("kind=hangup&method=RetrievePropertiesEx&times=1");
        Assert.NotEmpty(new VSphereInventory(session, None).Names());
        peer.Fault("kind=status&method=RetrievePropertiesEx&code=503&retryAfter=1&times=2");
        Assert.NotEmpty(new VSphereInventory(session, None).Names());
    }

    [SkippableFact]
    public void A_borrowed_session_is_cloned_and_the_first_one_survives_our_logout()
    {
        using var peer = VCenterPeer.Start();
        using var first = Connect(peer);
        var cookie = first.CookieHeaders()[0].Value.Split('=')[1];
        using (var clone = Connect(peer, VSphereLogin.FromSession(new Secret(cookie))))
        {
            Assert.True(clone.IsOwn);
            Assert.Equal(VCenterPeer.User, clone.UserName);
            Assert.NotEqual(first.CookieHeaders()[0].Value, clone.CookieHeaders()[0].Value);
            clone.LogOut(None);
        }

        peer.ForgetCalls();
        Assert.NotEmpty(new VSphereInventory(first, None).Names());
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("Login", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Where_sessions_cannot_be_cloned_the_borrowed_one_is_used_and_never_ended()
    {
        using var peer = VCenterPeer.Start();
        using var first = Connect(peer);
        using var other = new VSphereSession(Server(peer), VSphereLogin.FromSession(new Secret(first.CookieHeaders()[0].Value.Split('=')[1])));
        peer.Fault("kind=fault&method=CloneSession&name=NotSupported");
        other.Connect(None);
        Assert.False(other.IsOwn);
        peer.ForgetCalls();
        other.LogOut(None);
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("Logout", StringComparison.Ordinal));
        Assert.NotEmpty(new VSphereInventory(first, None).Names());
    }

    [SkippableFact]
    public void A_clone_ticket_that_has_expired_leaves_the_session_itself()
    {
        using var peer = VCenterPeer.Start();
        using var first = Connect(peer);
        peer.Fault("kind=fault&method=CloneSession&name=InvalidLogin");
        using var other = Connect(peer, VSphereLogin.FromSession(new Secret(first.CookieHeaders()[0].Value.Split('=')[1])));
        Assert.False(other.IsOwn);
        Assert.NotEmpty(new VSphereInventory(other, None).Names());
    }

    [SkippableFact]
    public void A_token_of_single_sign_on_logs_in_and_again_when_the_session_ends()
    {
        using var peer = VCenterPeer.Start();
        using var session = Connect(peer, VSphereLogin.WithToken(new Secret(Assertion("ops@vsphere.local"))));
        Assert.True(session.IsOwn);
        Assert.Equal("ops@vsphere.local", session.UserName);
        peer.Fault("kind=sessions");
        Assert.NotEmpty(new VSphereInventory(session, None).Names());
        Assert.Equal(2, peer.Calls.Count(c => c == "LoginByToken SessionManager"));
    }

    [Theory]
    [InlineData("canary-token")]
    [InlineData("<a>canary-token</a>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'canary-token'>]><x>&a;</x>")]
    public void What_is_no_token_is_refused_without_being_shown(string token)
    {
        var fault = Assert.Throws<OsMigrateException>(() => VSphereLogin.WithToken(new Secret(token)));
        Assert.Equal(ErrorIds.VSphereSettings, fault.ErrorId);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_token_that_the_server_refuses_is_in_no_message()
    {
        using var peer = VCenterPeer.Start();
        var fault = Assert.Throws<VimException>(() => Connect(peer, VSphereLogin.WithToken(new Secret("<saml2:Assertion xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"canary\"/>"))));
        Assert.Equal(ErrorIds.VSphereUnauthorized, fault.ErrorId);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not xml at all")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")]
    [InlineData("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>")]
    [InlineData("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body/></Envelope>")]
    [InlineData("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body><a>")]
    [InlineData("")]
    public void Answers_that_are_no_soap_are_one_error(string answer)
        => Assert.Equal(ErrorIds.NetBadAnswer, Assert.Throws<OsMigrateException>(() => VimXml.Body(Encoding.UTF8.GetBytes(answer), "vc")).ErrorId);

    [Fact]
    public void Endless_nesting_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000));
        Assert.Equal(ErrorIds.NetBadAnswer, Assert.Throws<OsMigrateException>(() => VimXml.Body(Encoding.UTF8.GetBytes(deep), "vc")).ErrorId);
    }

    [Fact]
    public void A_type_is_read_whatever_prefix_the_server_uses()
    {
        const string Answer = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><XResponse xmlns='urn:vim25' xmlns:q='http://www.w3.org/2001/XMLSchema-instance' xmlns:v='urn:vim25'><returnval q:type='v:VirtualDisk'><key>7</key><capacityInKB>oops</capacityInKB></returnval></XResponse></e:Body></e:Envelope>";
        var data = VimXml.Body(Encoding.UTF8.GetBytes(Answer), "vc").Child("returnval")!.Value;
        Assert.Equal("VirtualDisk", data.TypeName);
        Assert.Equal(7, data.Int("key"));
        Assert.Null(data.Long("capacityInKB"));
    }

    [Theory]
    [InlineData("vcenter.example.org", "vcenter.example.org", 443)]
    [InlineData("10.0.0.5:8443", "10.0.0.5:8443", 8443)]
    [InlineData("https://vcenter.example.org/ui/", "vcenter.example.org", 443)]
    [InlineData("[::1]:8989", "[::1]:8989", 8989)]
    public void Addresses_are_taken_as_people_write_them(string text, string name, int port)
    {
        var server = VSphereServer.Of(text);
        Assert.Equal((name, port, "/sdk"), (server.Name, server.Sdk.Port, server.Sdk.AbsolutePath));
    }

    [Theory]
    [InlineData("http://vcenter")]
    [InlineData("user:secret-word@vcenter")]
    [InlineData("")]
    public void Other_addresses_are_refused_without_showing_a_password(string text)
    {
        var fault = Assert.Throws<OsMigrateException>(() => VSphereServer.Of(text));
        Assert.Equal(ErrorIds.VSphereSettings, fault.ErrorId);
        Assert.DoesNotContain("secret-word", fault.Message, StringComparison.Ordinal);
    }

    private static string Assertion(string user)
        => $"<saml2:Assertion xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_1\" Version=\"2.0\">\n  <saml2:Issuer>https://vc/websso</saml2:Issuer><saml2:Subject><saml2:NameID>{user}</saml2:NameID></saml2:Subject></saml2:Assertion>";
}
