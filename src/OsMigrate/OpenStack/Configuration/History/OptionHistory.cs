using OsMigrate.OpenStack.Configuration.Checks;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.History;

/// <summary>What a finding says of an option of the past.</summary>
internal sealed record PastFinding(string FindingId, ConfigSeverity Severity, string Message, string Cure);

/// <summary>Recognises options and values of the past.</summary>
internal static class OptionHistory
{
    /// <summary>Null for an option that the release still reads with this value.</summary>
    public static PastFinding? Find(ServiceName service, OptionLookup lookup, ConfigItem item, string value)
    {
        if (Entry(service, lookup, item, value) is { } past)
            return new PastFinding(Id(past), Severity(past), past.Story + (past.OnlyValues ? "" : Since(past)), Cure(past, value));
        return service == ServiceName.Cinder && item.Name == "volume_driver" && PastValues.VolumeDriver(value) is { } driver
            ? new PastFinding("Cinder.Driver", ConfigSeverity.Error, "There is no driver of this name any more; it has moved.", $"volume_driver = {driver}")
            : null;
    }

    /// <summary>The entry for an option; null for one that the release still reads with this value.</summary>
    public static PastOption? Entry(ServiceName service, OptionLookup lookup, ConfigItem item, string value)
    {
        if (service == ServiceName.Cinder && lookup.IsOwn(item.Group))
            return InBackend(item);
        var past = PastOptions.All.FirstOrDefault(p => p.Fits(service, item.Group, item.Name));
        if (past is null)
            return null;
        if (past.OnlyValues)
            return past.Convert!(value) is null ? null : past;
        // What the release's own table has is not of the past, but for backends in [DEFAULT]: those the table lists, and the program refuses.
        return lookup.Find(item.Group, item.Name) is not null && past.Family != OptionFamily.Backend ? null : past;
    }

    /// <summary>A backend's section had the old names of the targets' options too.</summary>
    private static PastOption? InBackend(ConfigItem item)
        => PastOptions.All.FirstOrDefault(p => p.Family == OptionFamily.Backend && p.Name.StartsWith("iscsi_", StringComparison.Ordinal) && p.Name == item.Name) is { Now: { } now } past
            ? past with { Group = item.Group, Now = new OptionName(item.Group, now.Name), Family = OptionFamily.None }
            : null;

    /// <summary>A whole section of the past; null for others.</summary>
    public static PastFinding? SectionOf(ServiceName service, string group) => (service, group) switch
    {
        (_, "filter:authtoken") => new("Section.Removed", ConfigSeverity.Warning, "The filter's options moved from paste files to [keystone_authtoken].", "Move them to [keystone_authtoken]."),
        (ServiceName.Nova, "osapi_v3" or "osapi_v21") => new("Section.Removed", ConfigSeverity.Warning, "The v2.1 API is always on.", "Remove the section."),
        (ServiceName.Nova, "quantum") => new("Section.Removed", ConfigSeverity.Warning, "Quantum is Neutron.", "Use [neutron]."),
        (ServiceName.Nova, "trusted_computing" or "cells") => new("Section.Removed", ConfigSeverity.Warning, "Its feature was removed.", "Remove the section."),
        (_, "oslo_messaging_zmq") => new("Section.Removed", ConfigSeverity.Warning, "The ZeroMQ driver was removed from oslo.messaging in Stein.", "Remove the section."),
        (ServiceName.Keystone, "signing") => new("Section.Removed", ConfigSeverity.Warning, "PKI tokens were removed.", "Remove the section."),
        (_, "database_old" or "sql") => new("Section.Removed", ConfigSeverity.Warning, "The database is named in [database].", "Move connection to [database]."),
        _ => null,
    };

    private static string Id(PastOption past) => past.Family switch
    {
        OptionFamily.Broker => "Messaging.OldStyle",
        OptionFamily.Login => "Authtoken.OldStyle",
        OptionFamily.Backend => "Cinder.OldBackend",
        _ => past.OnlyValues ? "Option.PastValue" : "Option.Removed",
    };

    private static ConfigSeverity Severity(PastOption past)
        => past.OnlyValues || past.Family is OptionFamily.Broker or OptionFamily.Login or OptionFamily.Backend ? ConfigSeverity.Error : ConfigSeverity.Warning;

    private static string Since(PastOption past) => past.Ended.Length == 0 ? " It is not read." : $" It is not read since {past.Ended}.";

    private static string Cure(PastOption past, string value)
    {
        if (past.Family == OptionFamily.Broker)
            return "transport_url = rabbit://USER:PASSWORD@HOST:5672/ in [DEFAULT]; Set-OpenStackConfig -Modernize writes it.";
        if (past.Now is not { } now)
            return "Remove it.";
        var secret = now.Name is "password" or "transport_url";
        var shown = past.Family == OptionFamily.Login || secret ? "" : " = " + Values.SecretValues.MaskAddresses(past.Convert is null ? value : past.Convert(value) ?? value);
        return $"{now}{shown}; Set-OpenStackConfig -Modernize writes it.";
    }
}
