using System.Text;
using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Machines;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Tests.Support;

/// <summary>Changes a guest visibly: writes the plan's time on every disk.</summary>
public sealed class GuestMark : IGuestStep
{
    public const long Offset = 3 * 65536 + 100;

    /// <summary>How often a guest was changed.</summary>
    public int Runs { get; private set; }

    /// <summary>A different one makes different bytes.</summary>
    public string Text { get; init; } = "changed at ";

    public PreparedGuest Run(Machine machine, IReadOnlyList<EditedImage> disks, GuestPreparationPlan plan, CancellationToken cancel)
    {
        Runs++;
        foreach (var disk in disks)
            disk.Write(Offset, MarkOf(plan));
        return new PreparedGuest { System = "Windows of the test", Changes = disks.Select((_, i) => new GuestChange($"disk {i}", "marked")).ToList(), Warnings = ["the guest was marked"] };
    }

    public byte[] MarkOf(GuestPreparationPlan plan) => Encoding.ASCII.GetBytes(Text + plan.PreparedAt.ToString("O"));

    /// <summary>A folder with one driver, enough to be a medium.</summary>
    public static string Medium(TempFolder folder)
    {
        var path = Directory.CreateDirectory(folder.File("drivers/viostor/w10/amd64")).FullName;
        File.WriteAllText(Path.Combine(path, "viostor.inf"), """
            [Version]
            Signature="$Windows NT$"
            Class=SCSIAdapter
            ClassGuid={4D36E97B-E325-11CE-BFC1-08002BE10318}
            Provider="Test"
            DriverVer=01/01/2024,1.0.0.0
            [Manufacturer]
            "Test"=T,NTamd64
            [T.NTamd64]
            "Disk"=I,PCI\VEN_1AF4&DEV_1001
            [I]
            """);
        return folder.File("drivers");
    }
}
