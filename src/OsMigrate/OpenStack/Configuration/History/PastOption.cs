using OsMigrate.OpenStack.Configuration.Options;

namespace OsMigrate.OpenStack.Configuration.History;

/// <summary>An option that today's services do not read, or not with this value any more, and what to write instead.</summary>
/// <param name="Service">Null for every service.</param>
/// <param name="Group">Section in its normal form.</param>
/// <param name="Name">A trailing * stands for any end.</param>
/// <param name="Ended">The release from which on it has no effect; empty where that was not looked up.</param>
/// <param name="Story">What became of it, in a sentence.</param>
internal sealed record PastOption(ServiceName? Service, string Group, string Name, string Ended, string Story)
{
    /// <summary>What is set today instead; null when nothing is.</summary>
    public OptionName? Now { get; init; }

    /// <summary>The value today's option gets for an old one; null from it where there is none.</summary>
    public Func<string, string?>? Convert { get; init; }

    /// <summary>True when only some values are of the past; then <see cref="Convert"/> tells by giving another one.</summary>
    public bool OnlyValues { get; init; }

    /// <summary>A family of options that become one together: transport_url, or the login in keystone_authtoken.</summary>
    public OptionFamily Family { get; init; }

    public bool Fits(ServiceName service, string group, string name)
        => (Service is null || Service == service) && Group == group
           && (Name.EndsWith("*", StringComparison.Ordinal) ? name.StartsWith(Name.TrimEnd('*'), StringComparison.Ordinal) : Name == name);
}

/// <summary>Options that are only understood together.</summary>
internal enum OptionFamily
{
    None,

    /// <summary>rabbit_host, rabbit_userid and so on: today one transport_url.</summary>
    Broker,

    /// <summary>auth_host, admin_user and so on: today auth_url, username and so on.</summary>
    Login,

    /// <summary>A volume backend in cinder.conf's DEFAULT section: today a section of its own.</summary>
    Backend,
}
