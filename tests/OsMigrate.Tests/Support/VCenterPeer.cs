using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OsMigrate.Tests.Support;

/// <summary>A vCenter simulator of our own (tests/peers/vcenter) with machines that have real disks, for one test.</summary>
public sealed class VCenterPeer : IDisposable
{
    public const string User = "administrator@vsphere.local";
    public const string Password = "VMware1!";

    /// <summary>SHA-1 of the one certificate that Go's test servers have.</summary>
    public const string Thumbprint = "2C:11:ED:D7:13:87:7D:B5:74:18:B8:1C:42:C2:56:1F:0D:B9:5B:B9";

    private static readonly HttpClient Http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private VCenterPeer(Process process) => _process = process;

    /// <summary>"127.0.0.1:12345"</summary>
    public string Address { get; private set; } = "";

    /// <summary>The datastore's folder on this machine.</summary>
    public string Datastore { get; private set; } = "";

    /// <summary>Starts one; skips the calling test where none was built.</summary>
    /// <param name="machines">As "name=web01,disk=/path/raw.img,power=on".</param>
    public static VCenterPeer Start(params string[] machines) => Start([], machines);

    public static VCenterPeer Start(string[] options, params string[] machines)
    {
        var program = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_VCENTER");
        Skip.If(string.IsNullOrEmpty(program) || !File.Exists(program), "no vCenter peer: run build.ps1 Test -Peers");
        var start = new ProcessStartInfo(program!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "-l", "127.0.0.1:0" }.Concat(options).Concat(machines.SelectMany(m => new[] { "-vm", m })))
            start.ArgumentList.Add(argument);
        var peer = new VCenterPeer(Process.Start(start)!);
        peer._process.ErrorDataReceived += (_, e) => peer._said.AppendLine(e.Data);
        peer._process.BeginErrorReadLine();
        for (string? line; (line = peer._process.StandardOutput.ReadLine()) is not null;)
        {
            if (!line.StartsWith("READY ", StringComparison.Ordinal))
                continue;
            var parts = line.Split(' ');
            peer.Address = new Uri(parts[1]).Authority.Split('@')[^1];
            peer.Datastore = parts[2]["datastore=".Length..];
            return peer;
        }

        peer._process.WaitForExit();
        throw new InvalidOperationException("The vCenter peer did not start: " + peer._said);
    }

    /// <summary>Asks for a fault, as faults.go lists them: "kind=cut&amp;path=/nfc/&amp;after=1000".</summary>
    public void Fault(string query) => Http.PostAsync(Url("fault?" + query), null).GetAwaiter().GetResult().EnsureSuccessStatusCode();

    /// <summary>What was asked of it, without the reading of properties.</summary>
    public IReadOnlyList<string> Calls => [.. Http.GetStringAsync(Url("calls")).GetAwaiter().GetResult().Split('\n').Where(c => c.Length > 0 && !c.StartsWith("Retrieve", StringComparison.Ordinal))];

    public void ForgetCalls() => Http.DeleteAsync(Url("calls")).GetAwaiter().GetResult().EnsureSuccessStatusCode();

    public long BytesRead => State.GetProperty("BytesRead").GetInt64();

    public int OpenLeases => State.GetProperty("OpenLeases").GetInt32();

    public JsonElement State => JsonDocument.Parse(Http.GetStringAsync(Url("state")).GetAwaiter().GetResult()).RootElement;

    public JsonElement Machine(string name) => State.GetProperty("VMs").EnumerateArray().Single(m => m.GetProperty("Name").GetString() == name);

    public string Power(string name) => Machine(name).GetProperty("Power").GetString()!;

    public IReadOnlyList<string> Snapshots(string name) => [.. Machine(name).GetProperty("Snapshots").EnumerateArray().Select(s => s.GetString()!)];

    /// <summary>The file that the machine's disk is now: what its guest writes to.</summary>
    public string LiveFile(string machine, int disk = 0)
    {
        var descriptor = Machine(machine).GetProperty("Files")[disk].GetString()!.Split("] ")[1];
        var stem = Path.Combine(Datastore, descriptor[..^".vmdk".Length]);
        return File.Exists(stem + "-delta.vmdk") ? stem + "-delta.vmdk" : stem + "-flat.vmdk";
    }

    /// <summary>The guest writes.</summary>
    public void Write(string machine, long offset, byte[] bytes, int disk = 0)
    {
        using var file = new FileStream(LiveFile(machine, disk), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = offset;
        file.Write(bytes);
    }

    /// <summary>A raw disk with scattered content.</summary>
    public static string MakeDisk(string path, long length, int seed)
    {
        var random = new Random(seed);
        using var file = new FileStream(path, FileMode.Create);
        file.SetLength(length);
        for (var i = 0; i < 40; i++)
        {
            var run = new byte[random.Next(1, 200_000)];
            random.NextBytes(run.AsSpan(0, run.Length / 2));
            file.Position = random.NextInt64(Math.Max(1, length - run.Length));
            file.Write(run, 0, (int)Math.Min(run.Length, length - file.Position));
        }

        return path;
    }

    public void Dispose()
    {
        // Asked to end, it removes its folders.
        using (var kill = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture)))
            kill.WaitForExit();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    private Uri Url(string path) => new($"https://{Address}/peer/{path}");
}
