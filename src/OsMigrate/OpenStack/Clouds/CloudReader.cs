using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Net;

namespace OsMigrate.OpenStack.Clouds;

/// <summary>Turns the settings of one cloud into a <see cref="CloudConfig"/>: old spellings, defaults, checks.</summary>
internal sealed class CloudReader(string name, string origin, string folder)
{
    private const string OverrideSuffix = "_endpoint_override";

    private readonly List<string> _notices = [];

    public CloudConfig Read(SettingsMap cloud, string? region)
    {
        var settings = Region(Normalised(cloud), region, out var regionName);
        var auth = AuthSettings.Of(settings);
        var url = auth.Text("auth_url") ?? throw Lacks("auth_url, the address of Keystone");
        return new CloudConfig
        {
            Name = name,
            Origin = origin,
            AuthUrl = Address(url, "auth_url"),
            Credentials = new AuthReader(name).Read(settings.Text("auth_type"), auth, settings.List("auth_methods")),
            RegionName = regionName,
            Interface = Interface(settings),
            Tls = Tls(settings),
            EndpointOverrides = settings.Where(s => s.Key.EndsWith(OverrideSuffix, StringComparison.Ordinal) && s.Value is string { Length: > 0 })
                .ToDictionary(s => s.Key.Substring(0, s.Key.Length - OverrideSuffix.Length), s => Address((string)s.Value!, s.Key), StringComparer.Ordinal),
            ApiTimeout = Seconds(settings, "api_timeout"),
            ImageFormat = settings.Text("image_format") ?? "qcow2",
            Notices = _notices,
        };
    }

    /// <summary>Keys with dashes count as keys with underscores.</summary>
    private static SettingsMap Normalised(SettingsMap map)
    {
        var result = new SettingsMap();
        foreach (var pair in map)
            result[pair.Key.Replace('-', '_')] = pair.Value is SettingsMap inner && pair.Key == "auth" ? Normalised(inner) : pair.Value;
        return result;
    }

    /// <summary>Lays the values of the chosen region over the cloud's own.</summary>
    private SettingsMap Region(SettingsMap cloud, string? asked, out string? regionName)
    {
        regionName = asked ?? cloud.Text("region_name");
        var regions = cloud.List("regions");
        if (regions.Count == 0)
            return cloud;
        foreach (var region in regions)
        {
            var values = region as SettingsMap;
            var regionsName = values is null ? region as string : values.Text("name");
            if (regionName is null || regionsName == regionName)
            {
                regionName = regionsName;
                return values?.Map("values") is { } over ? cloud.With(Normalised(over)) : cloud;
            }
        }

        var known = string.Join(", ", regions.Select(r => r as string ?? (r as SettingsMap)?.Text("name")));
        throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.NotFound, $"The cloud '{name}' has no region '{regionName}'. Its regions: {known}.", name);
    }

    private string Interface(SettingsMap settings)
    {
        var text = settings.Text("interface") ?? settings.Text("endpoint_type") ?? "public";
        if (text.EndsWith("URL", StringComparison.Ordinal))
            text = text.Substring(0, text.Length - 3);
        return text is "public" or "internal" or "admin" ? text : throw Wrong("interface", "public, internal or admin");
    }

    private TlsSettings Tls(SettingsMap settings)
    {
        var insecure = Flag(settings, "insecure");
        var verify = Flag(settings, "verify") ?? !(insecure ?? false);
        if (!verify)
            _notices.Add($"The certificate of the cloud '{name}' is not verified: its settings say so. Anyone on the way can read and change what is sent.");
        return new TlsSettings
        {
            Verify = verify,
            AuthorityFile = FilePath(settings.Text("cacert")),
            ClientCertificateFile = FilePath(settings.Text("cert")),
            ClientKeyFile = FilePath(settings.Text("key")),
        };
    }

    private string? FilePath(string? path)
    {
        if (path is null)
            return null;
        if (path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal))
            path = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path.Substring(2));
        return Path.GetFullPath(Path.Combine(folder, path));
    }

    private bool? Flag(SettingsMap settings, string key)
    {
        var text = settings.Text(key);
        if (text is null)
            return null;
        return text.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => true,
            "false" or "no" or "off" or "0" => false,
            _ => throw Wrong(key, "true or false"),
        };
    }

    private TimeSpan? Seconds(SettingsMap settings, string key)
    {
        if (settings.Text(key) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(key, "a number of seconds, up to a day");
    }

    private Uri Address(string text, string key)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? uri
            : throw Wrong(key, "an http or https address without a user in it");

    private OsMigrateException Lacks(string what)
        => new(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, $"The cloud '{name}' ({origin}) lacks {what}.", name);

    // The value is left out: in a broken file it may be a misplaced password.
    private OsMigrateException Wrong(string key, string expected)
        => new(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, $"The cloud '{name}' ({origin}): '{key}' must be {expected}.", name);
}
