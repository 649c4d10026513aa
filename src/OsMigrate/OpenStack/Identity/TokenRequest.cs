using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.OpenStack.Identity;

/// <summary>The body of POST /v3/auth/tokens (Keystone API v3, "Password authentication with scoped authorization" and following).</summary>
internal static class TokenRequest
{
    public static JsonObject For(CloudCredentials credentials)
    {
        var identity = new JsonObject { ["methods"] = new JsonArray(credentials.Methods.Select(m => (JsonNode)m).ToArray()) };
        foreach (var method in credentials.Methods)
            identity[method] = Method(method, credentials);
        return Body(identity, credentials.Scope);
    }

    /// <summary>Turns a token into one of the wanted scope.</summary>
    public static JsonObject Rescope(Secret token, CloudScope scope)
        => Body(new JsonObject { ["methods"] = new JsonArray("token"), ["token"] = new JsonObject { ["id"] = token.Reveal() } }, scope);

    private static JsonObject Body(JsonObject identity, CloudScope scope)
    {
        var auth = new JsonObject { ["identity"] = identity };
        if (Scope(scope) is { } wanted)
            auth["scope"] = wanted;
        return new JsonObject { ["auth"] = auth };
    }

    private static JsonObject Method(string method, CloudCredentials credentials) => method switch
    {
        "password" => WithUser(User(credentials, "password", credentials.Password)),
        "totp" => WithUser(User(credentials, "passcode", credentials.Passcode)),
        "token" => new JsonObject { ["id"] = credentials.Token!.Reveal() },
        "application_credential" => ApplicationCredential(credentials),
        _ => throw new InvalidOperationException($"no request for the method {method}"),
    };

    private static JsonObject ApplicationCredential(CloudCredentials credentials)
    {
        var body = new JsonObject { ["secret"] = credentials.ApplicationCredentialSecret!.Reveal() };
        if (credentials.ApplicationCredentialId is { } id)
        {
            body["id"] = id;
            return body;
        }

        body["name"] = credentials.ApplicationCredentialName;
        body["user"] = User(credentials, null, null);
        return body;
    }

    private static JsonObject WithUser(JsonObject user) => new() { ["user"] = user };

    private static JsonObject User(CloudCredentials credentials, string? secretName, Secret? secret)
    {
        var user = new JsonObject();
        if (credentials.UserId is { } id)
        {
            user["id"] = id;
        }
        else
        {
            user["name"] = credentials.UserName;
            user["domain"] = Domain(credentials.UserDomainId, credentials.UserDomainName);
        }

        if (secretName is not null)
            user[secretName] = secret!.Reveal();
        return user;
    }

    private static JsonNode? Scope(CloudScope scope)
    {
        if (scope.System)
            return new JsonObject { ["system"] = new JsonObject { ["all"] = true } };
        if (scope.TrustId is { } trust)
            return new JsonObject { ["OS-TRUST:trust"] = new JsonObject { ["id"] = trust } };
        if (scope.ProjectId is { } id)
            return new JsonObject { ["project"] = new JsonObject { ["id"] = id } };
        if (scope.ProjectName is { } name)
            return new JsonObject { ["project"] = new JsonObject { ["name"] = name, ["domain"] = Domain(scope.ProjectDomainId, scope.ProjectDomainName) } };
        if (scope.DomainId is not null || scope.DomainName is not null)
            return new JsonObject { ["domain"] = Domain(scope.DomainId, scope.DomainName) };
        return null;
    }

    private static JsonObject Domain(string? id, string? name) => id is not null ? new JsonObject { ["id"] = id } : new JsonObject { ["name"] = name };
}
