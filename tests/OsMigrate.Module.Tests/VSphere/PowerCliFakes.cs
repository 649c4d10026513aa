// Stand-ins for the types that PowerCLI returns, with its names and shapes, written from public dumps of its objects: nothing of PowerCLI is in here.
// One file with several namespaces, since the names are what matters.
#pragma warning disable MA0048, CA1716, IDE0130, MA0182
using OsMigrate.Tests.Support;

namespace VMware.Vim
{
    public sealed class ManagedObjectReference(string type, string value)
    {
        public string Type { get; } = type;

        public string Value { get; } = value;

        public override string ToString() => $"{Type}-{Value}";
    }

    public sealed class VimClientImpl(string serviceUrl, string sessionSecret)
    {
        public string ServiceUrl { get; } = serviceUrl;

        /// <summary>The quotes are a part of it.</summary>
        public string SessionSecret { get; } = sessionSecret;
    }

    public class ServiceInstance(VimClientImpl client)
    {
        public VimClientImpl Client { get; } = client;
    }

    /// <summary>What Get-View returns, and what ExtensionData is.</summary>
    public sealed class VirtualMachine(ManagedObjectReference moRef, VimClientImpl client, string name)
    {
        public ManagedObjectReference MoRef { get; } = moRef;

        public VimClientImpl Client { get; } = client;

        public string Name { get; } = name;
    }
}

namespace VMware.VimAutomation.ViCore.Types.V1.Inventory
{
    public interface VirtualMachine
    {
        string Name { get; }

        string Id { get; }

        string Uid { get; }
    }

    public interface Template
    {
        string Name { get; }

        string Id { get; }
    }
}

namespace VMware.VimAutomation.ViCore.Types.V1.VM
{
    public interface Snapshot
    {
        string Id { get; }
    }
}

namespace VMware.VimAutomation.ViCore.Types.V1.Host
{
    public enum PowerState
    {
        PoweredOff,
        PoweredOn,
        Suspended,
    }
}

namespace VMware.VimAutomation.ViCore.Impl.V1
{
    public sealed class VIServerImpl(string address, string secret, string user)
    {
        public bool IsConnected { get; } = true;

        public string Id { get; } = $"/VIServer={user}@{address}/";

        public string Uid => Id;

        public Uri ServiceUri { get; } = new($"https://{address}/sdk");

        public string SessionSecret { get; } = $"\"{secret}\"";

        public string SessionId => SessionSecret;

        public string Name { get; } = address.Split(':')[0];

        public string User { get; } = user;

        public string ProductLine { get; } = "vpx";

        public VMware.Vim.ServiceInstance ExtensionData { get; } = new(new VMware.Vim.VimClientImpl($"https://{address}/sdk", $"\"{secret}\""));
    }
}

namespace VMware.VimAutomation.ViCore.Impl.V1.VM
{
    using VMware.VimAutomation.ViCore.Types.V1.Host;

    public sealed class UniversalVirtualMachineImpl(VIServerImpl server, string moRef, string name, bool hasView = true) : VMware.VimAutomation.ViCore.Types.V1.Inventory.VirtualMachine
    {
        public string Name { get; } = name;

        public PowerState PowerState { get; } = PowerState.PoweredOff;

        public int NumCpu { get; } = 1;

        public decimal MemoryMB { get; } = 256m;

        public string Id { get; } = "VirtualMachine-" + moRef;

        public string Uid { get; } = $"{server.Uid}VirtualMachine=VirtualMachine-{moRef}/";

        public string PersistentId { get; } = "50105ec3-0000-0000-0000-000000000000";

        public object? ExtensionData { get; } = hasView ? new VMware.Vim.VirtualMachine(new VMware.Vim.ManagedObjectReference("VirtualMachine", moRef), server.ExtensionData.Client, name) : null;

        public override string ToString() => Name;
    }

    public sealed class SnapshotImpl(UniversalVirtualMachineImpl vm, string moRef, string name) : VMware.VimAutomation.ViCore.Types.V1.VM.Snapshot
    {
        public string Name { get; } = name;

        public string Id { get; } = "VirtualMachineSnapshot-" + moRef;

        public string VMId => VM.Id;

        public UniversalVirtualMachineImpl VM { get; } = vm;

        public string Uid => $"{VM.Uid}Snapshot={Id}/";

        public object? ExtensionData => VM.ExtensionData;
    }
}

namespace VMware.VimAutomation.ViCore.Impl.V1.Inventory
{
    public sealed class VirtualMachineImpl(VIServerImpl server, string moRef, string name) : VMware.VimAutomation.ViCore.Types.V1.Inventory.VirtualMachine
    {
        public string Name { get; } = name;

        public string Id { get; } = "VirtualMachine-" + moRef;

        public string Uid { get; } = $"{server.Uid}VirtualMachine=VirtualMachine-{moRef}/";

        /// <summary>As PowerCLI's lazy properties do when the server does not answer.</summary>
        public object ExtensionData => throw new InvalidOperationException("the server does not answer");
    }

    public sealed class TemplateImpl(VIServerImpl server, string moRef, string name) : VMware.VimAutomation.ViCore.Types.V1.Inventory.Template
    {
        public string Name { get; } = name;

        public string Id { get; } = "VirtualMachine-" + moRef;

        public string Uid { get; } = $"{server.Uid}Template=VirtualMachine-{moRef}/";
    }
}

namespace Microsoft.HyperV.PowerShell
{
    public sealed class VirtualMachine(string name)
    {
        public string Name { get; } = name;

        public Guid Id { get; } = Guid.NewGuid();
    }
}

namespace OsMigrate.Module.Tests.VSphere
{
    using System.Management.Automation;
    using OsMigrate.Module.Tests.Support;
    using VMware.VimAutomation.ViCore.Impl.V1;

    /// <summary>A vCenter peer with a connection as PowerCLI would have it.</summary>
    internal static class PowerCliFakes
    {
        private static readonly HttpClient Http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true, UseCookies = false });

        /// <summary>Logs in as Connect-VIServer does.</summary>
        public static VIServerImpl Connect(VCenterPeer peer)
        {
            const string Login = "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body><Login xmlns=\"urn:vim25\"><_this type=\"SessionManager\">SessionManager</_this><userName>" + VCenterPeer.User + "</userName><password>" + VCenterPeer.Password + "</password></Login></Body></Envelope>";
            using var content = new StringContent(Login, System.Text.Encoding.UTF8, "text/xml");
            using var answer = Http.PostAsync(new Uri($"https://{peer.Address}/sdk"), content).GetAwaiter().GetResult().EnsureSuccessStatusCode();
            var cookie = answer.Headers.GetValues("Set-Cookie").First().Split('=', ';')[1].Trim('"');
            return new VIServerImpl(peer.Address, cookie, VCenterPeer.User);
        }

        /// <summary>"vm-51" of a machine, as our own cmdlet shows it.</summary>
        public static string MoRef(Session session, string name) => ((string)session.Run("(Get-VSphereVM $args[0]).Id", name).Single.BaseObject)["VirtualMachine-".Length..];

        public static void ConnectOurs(Session session, VCenterPeer peer)
            => session.Run(
                "$null = Connect-VSphere $args[0] -Credential ([pscredential]::new($args[1], [System.Net.NetworkCredential]::new('', $args[2]).SecurePassword)) -Thumbprint $args[3]",
                peer.Address, VCenterPeer.User, VCenterPeer.Password, VCenterPeer.Thumbprint).RequireNoErrors();

        public static PSObject Deserialized(string name)
        {
            var picture = new PSObject();
            picture.TypeNames.Insert(0, "Deserialized.VMware.VimAutomation.ViCore.Impl.V1.VM.UniversalVirtualMachineImpl");
            picture.Properties.Add(new PSNoteProperty("Name", name));
            picture.Properties.Add(new PSNoteProperty("ExtensionData", "VMware.Vim.VirtualMachine"));
            return picture;
        }
    }
}
