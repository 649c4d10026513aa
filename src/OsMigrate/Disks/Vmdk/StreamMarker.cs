namespace OsMigrate.Disks.Vmdk;

/// <summary>What follows a marker that is not a grain's.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Markers".</remarks>
internal enum StreamMarker : uint
{
    EndOfStream = 0,
    Table = 1,
    Directory = 2,
    Footer = 3,
}
