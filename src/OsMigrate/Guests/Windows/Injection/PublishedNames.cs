using System.Globalization;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Gives out names oemN.inf that the guest does not use.</summary>
internal sealed class PublishedNames
{
    private readonly HashSet<int> _used = [];

    public PublishedNames(WindowsGuest guest)
    {
        foreach (var file in guest.Files.Find(guest.Below("INF"))?.Children() ?? [])
            Note(Path.GetFileNameWithoutExtension(file.Name));
        foreach (var hive in new Hive?[] { guest.System, guest.Hive("DRIVERS") })
        {
            foreach (var key in hive?.Find(@"DriverDatabase\DriverInfFiles")?.SubKeys ?? [])
                Note(Path.GetFileNameWithoutExtension(key.Name));
        }
    }

    public string Next()
    {
        var number = 0;
        while (!_used.Add(number))
            number++;
        return FormattableString.Invariant($"oem{number}.inf");
    }

    private void Note(string name)
    {
        if (name.StartsWith("oem", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.Substring(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            _used.Add(number);
    }
}
