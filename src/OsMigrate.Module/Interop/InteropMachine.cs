using OsMigrate.Bytes;

namespace OsMigrate.Module.Interop;

/// <summary>What is needed of an object of PowerCLI to find the same machine by ourselves.</summary>
/// <param name="Address">Address of the server: https://HOST[:PORT]/sdk</param>
/// <param name="Cookie">Value of PowerCLI's session cookie, without quotes.</param>
/// <param name="MachineId">"vm-42"</param>
/// <param name="SnapshotId">"snapshot-7" when the object is a snapshot; else null.</param>
internal sealed record InteropMachine(Uri Address, Secret Cookie, string MachineId, string? SnapshotId, string Name);
