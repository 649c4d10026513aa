using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Sources;
using OsMigrate.Net;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Tests.VSphere;

/// <summary>Sessions and sources on the vCenter peer.</summary>
internal static class VSpherePeer
{
    public static CancellationToken None => CancellationToken.None;

    public static VSphereServer Server(VCenterPeer peer, string? thumbprint = null)
        => VSphereServer.Of(peer.Address) with { Tls = new TlsSettings { Thumbprint = thumbprint ?? VCenterPeer.Thumbprint } };

    public static VSphereSession Connect(VCenterPeer peer, VSphereLogin? login = null)
    {
        var session = new VSphereSession(Server(peer), login ?? VSphereLogin.WithPassword(VCenterPeer.User, new Secret(VCenterPeer.Password)));
        session.Connect(None);
        return session;
    }

    public static VSphereMachine Machine(VSphereSession session, string name)
    {
        var inventory = new VSphereInventory(session, None);
        return inventory.Read(inventory.Names().Single(m => m.Name == name).Reference);
    }

    public static VSphereOrigin Origin(VSphereMachine machine, string folder, MigrationMode mode = MigrationMode.Cold, DiskTransport transport = DiskTransport.Lease) => new()
    {
        Server = machine.Server,
        MachineId = machine.Reference.Value,
        MachineName = machine.Name,
        InstanceUuid = machine.InstanceUuid,
        DatacenterPath = machine.DatacenterPath,
        Mode = mode,
        Transport = transport,
        ShutdownLimit = TimeSpan.FromSeconds(5),
        PowerState = machine.PowerState,
        WorkFolder = folder,
        SnapshotName = "osmigrate-" + JobStore.NewId(),
    };

    /// <summary>Content of a disk, whatever its format: its SHA-256 as raw bytes.</summary>
    public static string Sha256(ByteStore disk)
    {
        using var sum = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var at = 0L; at < disk.Length; at += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, disk.Length - at));
            disk.Read(at, part);
            sum.AppendData(part);
        }

        return Convert.ToHexString(sum.GetHashAndReset());
    }

    public static string Sha256(string rawFile) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(rawFile)));

    public sealed class Silent : IJobWatcher
    {
        public void Copying(string activity, OsMigrate.Disks.Copying.CopyProgress progress)
        {
        }

        public void Waiting(string activity, string state)
        {
        }

        public void Warn(string text)
        {
        }
    }
}
