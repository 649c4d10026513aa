using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Migrations.Reports;

/// <summary>A headless Chromium with one page, driven over its own protocol; skips the calling test where none is installed.</summary>
/// <remarks>Chrome DevTools Protocol: Target, Page, Runtime, Network, Log.</remarks>
internal sealed class Chromium : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonObject> _events = [];
    private string? _page;
    private int _id;

    private Chromium(Process process) => _process = process;

    public static Chromium Start()
    {
        Tool.Require("chromium");
        var profile = Path.Combine(Path.GetTempPath(), "osmigrate-chromium-" + Guid.NewGuid().ToString("n")[..8]);
        var start = new ProcessStartInfo("chromium") { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank" })
            start.ArgumentList.Add(argument);
        var browser = new Chromium(Process.Start(start)!) { Profile = profile };
        var address = new TaskCompletionSource<string>();
        browser._process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data?.StartsWith("DevTools listening on ", StringComparison.Ordinal) == true)
                address.TrySetResult(e.Data["DevTools listening on ".Length..]);
        };
        browser._process.BeginErrorReadLine();
        browser._process.BeginOutputReadLine();
        Assert.True(address.Task.Wait(Patience), "Chromium did not start");
        browser._socket.ConnectAsync(new Uri(address.Task.Result), CancellationToken.None).Wait(Patience);
        return browser;
    }

    private string Profile { get; init; } = "";

    /// <summary>Addresses that the page asked for, itself included.</summary>
    public IReadOnlyList<string> Requests => [.. Of("Network.requestWillBeSent").Select(e => (string)e["params"]!["request"]!["url"]!)];

    /// <summary>What the browser complained of: violations of the policy, errors of scripts.</summary>
    public IReadOnlyList<string> Complaints => [.. Of("Log.entryAdded").Select(e => (string)e["params"]!["entry"]!["text"]!), .. Of("Runtime.exceptionThrown").Select(e => e["params"]!["exceptionDetails"]!.ToJsonString())];

    public void Open(string path)
    {
        var target = (string)Call("Target.createTarget", new JsonObject { ["url"] = "about:blank" })["targetId"]!;
        _page = (string)Call("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true })["sessionId"]!;
        foreach (var domain in new[] { "Page", "Runtime", "Network", "Log" })
            Call(domain + ".enable");
        Call("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = 1440, ["height"] = 1000, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        Call("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri });
        for (var clock = Stopwatch.StartNew(); Evaluate("document.documentElement.dataset.ready || ''") != "true"; Thread.Sleep(100))
            Assert.True(clock.Elapsed < Patience, "the page's script did not end: " + string.Join('\n', Complaints));
    }

    /// <summary>The value of an expression, as text.</summary>
    public string Evaluate(string expression)
        => (string?)Call("Runtime.evaluate", new JsonObject { ["expression"] = $"Promise.resolve({expression}).then(String)", ["awaitPromise"] = true })["result"]?["value"] ?? "";

    public byte[] Print() => Convert.FromBase64String((string)Call("Page.printToPDF", new JsonObject { ["printBackground"] = true, ["preferCSSPageSize"] = true })["data"]!);

    public byte[] Screenshot() => Convert.FromBase64String((string)Call("Page.captureScreenshot", new JsonObject { ["format"] = "png" })["data"]!);

    /// <summary>Shows the page as in a dark or light room.</summary>
    public void Prefer(string scheme) => Call("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        try
        {
            Directory.Delete(Profile, recursive: true);
        }
        catch (IOException)
        {
            // A child that ends late writes to it once more; it lies in the folder for temporary files.
        }
    }

    private IEnumerable<JsonObject> Of(string method) => _events.Where(e => (string?)e["method"] == method);

    private JsonObject Call(string method, JsonObject? parameters = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        var id = ++_id;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_page is not null && !method.StartsWith("Target.", StringComparison.Ordinal))
            call["sessionId"] = _page;
        _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true, limit.Token).GetAwaiter().GetResult();
        while (true)
        {
            var message = Receive(limit.Token);
            if ((int?)message["id"] != id)
            {
                _events.Add(message);
                continue;
            }

            Assert.True(message["error"] is null, $"{method}: {message["error"]?.ToJsonString()}");
            return message["result"]!.AsObject();
        }
    }

    private JsonObject Receive(CancellationToken limit)
    {
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = _socket.ReceiveAsync(new ArraySegment<byte>(buffer), limit).GetAwaiter().GetResult();
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonNode.Parse(text.ToArray())!.AsObject();
        }
    }
}
