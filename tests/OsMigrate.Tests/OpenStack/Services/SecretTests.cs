using System.Text;
using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Services;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Services;

/// <summary>A service, or a proxy before it, may give back in its error what it was sent.</summary>
public sealed class SecretTests
{
    [Theory]
    [InlineData("password: 'canary/\"pass', username: u, project_name: p", "canary/\"pass")]
    [InlineData("application_credential_id: i, application_credential_secret: canary-secret", "canary-secret")]
    [InlineData("token: canary-token, project_name: p", "canary-token")]
    public void What_was_sent_to_prove_who_we_are_is_not_in_the_error(string auth, string secret)
    {
        using var server = new TinyServer((first, body) => TinyServer.Text(
            first.StartsWith("POST", StringComparison.Ordinal) ? $$$"""{"error":{"message":{{{System.Text.Json.JsonSerializer.Serialize("refused: " + Encoding.UTF8.GetString(body) + " and " + secret)}}}}}""" : "{}",
            "401 Unauthorized"));
        using var folder = new TempFolder();
        var type = auth.StartsWith("password", StringComparison.Ordinal) ? "password" : auth.StartsWith("token", StringComparison.Ordinal) ? "token" : "v3applicationcredential";
        File.WriteAllText(Path.Combine(folder.Path, "clouds.yaml"), $"clouds:\n  tiny:\n    auth_type: {type}\n    auth: {{auth_url: {server.Address}v3, {auth}}}\n");
        using var session = new CloudSession(CloudSettings.Load(new CloudFiles([folder.Path]), new CloudVariables(new Dictionary<string, string>()), folder.Path).Cloud("tiny"));
        var error = Assert.Throws<CloudException>(() => session.Authenticate(CancellationToken.None));
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("***", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_found_in_every_form_it_is_sent_in()
    {
        var secret = new Secret("s3cr+t/\"x");
        var text = $"{secret.Reveal()} {Uri.EscapeDataString(secret.Reveal())} {System.Text.Json.JsonEncodedText.Encode(secret.Reveal())} {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Reveal()))}";
        Assert.Equal("*** *** *** ***", Secret.Hide(text, [secret, null]));
        Assert.Null(Secret.Hide(null, [secret]));
        Assert.Equal("a cat", Secret.Hide("a cat", [new Secret("a")]));
        Assert.Equal("***", $"{secret}");
    }
}
