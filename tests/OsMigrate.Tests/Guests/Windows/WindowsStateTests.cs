using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Injection;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

public sealed class WindowsStateTests
{
    [SkippableFact]
    public void A_guest_whose_clock_is_in_UTC_is_told_of()
    {
        using var image = new EditedImage(DiskFormats.OpenFile(SharedData.File("oracle/in/win10-bios.img")));
        Assert.DoesNotContain(GuestInspection.Run(new GuestDisks([image])).Findings, f => f.Id == "Guest.ClockInUtc");
        var guest = WindowsGuest.All(new GuestDisks([image]), DateTime.UtcNow).Single();
        guest.System.Root.Create($@"{guest.ControlSet}\Control\TimeZoneInformation").SetQword("RealTimeIsUniversal", 1);
        WindowsPreparation.SaveHives(guest, []);
        var finding = Assert.Single(GuestInspection.Run(new GuestDisks([image])).Findings, f => f.Id == "Guest.ClockInUtc");
        Assert.Contains("os_type", finding.Advice, StringComparison.Ordinal);
    }
}
