using System.Diagnostics;
using System.Net.Http;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.Faults;

public sealed class FaultProxyTests : IDisposable
{
    private readonly TinyServer _server = new((first, body) => TinyServer.Text($"{first.Split(' ')[0]} {body.Length}"));
    private readonly FaultProxy _proxy = new();
    private readonly HttpClient _client = new();

    private Uri Here => _proxy.Front(new Uri(_server.Address, "things?limit=1"));

    public void Dispose()
    {
        _client.Dispose();
        _proxy.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Without_rules_everything_passes_and_is_remembered()
    {
        Assert.Equal("GET 0", await _client.GetStringAsync(Here));
        using var request = new HttpRequestMessage(HttpMethod.Post, Here) { Content = new ByteArrayContent(new byte[300_000]) };
        request.Headers.Add("X-Mark", "m");
        using var reply = await _client.SendAsync(request);
        Assert.Equal("POST 300000", await reply.Content.ReadAsStringAsync());
        Assert.Equal([("GET", "/things?limit=1", 0L, 200), ("POST", "/things?limit=1", 300_000L, 200)], _proxy.Requests.Select(r => (r.Method, r.Target, r.BodyBytes, r.Status)));
        Assert.Equal("m", _proxy.Requests[1].Headers["x-mark"]);
        Assert.Equal("POST", Assert.Single(_proxy.Changes).Method);
        Assert.Equal((1, 2, 0), (_proxy.Count("GET", "^/things"), _proxy.Count("*", "limit=1$"), _proxy.Count("PUT", ".")));
    }

    [Fact]
    public async Task An_answer_of_the_proxy_never_reaches_the_service()
    {
        _proxy.Add("GET", "things", new Fault.Answer(503) { RetryAfterSeconds = 7 }, times: 2, after: 1);
        Assert.Equal(200, await Status());
        using (var reply = await _client.GetAsync(Here))
            Assert.Equal((503, "7"), ((int)reply.StatusCode, reply.Headers.GetValues("Retry-After").Single()));
        Assert.Equal((503, 200), (await Status(), await Status()));
        Assert.Equal(2, _server.Served);
    }

    [Fact]
    public async Task A_client_that_asks_before_it_sends_is_refused_before_it_sends()
    {
        _proxy.Add("PUT", "things", new Fault.Answer(401));
        using var refused = await Put(1 << 20, asks: true);
        Assert.Equal(401, (int)refused.StatusCode);
        Assert.Equal(0, _proxy.Requests[0].BodyBytes);
        using var passed = await Put(1 << 20, asks: true);
        Assert.Equal("PUT 1048576", await passed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_lost_answer_is_one_whose_request_was_done()
    {
        _proxy.Add("POST", "things", new Fault.LoseAnswer());
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostAsync(Here, new StringContent("x")));
        Assert.Equal((1, 0), (_server.Served, _proxy.Requests.Single().Status));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(4_999_999)]
    public async Task A_request_is_cut_at_the_byte(int after)
    {
        _proxy.Add("PUT", "things", new Fault.CutRequest(after));
        await Assert.ThrowsAsync<HttpRequestException>(() => Put(5_000_000, asks: false));
        Assert.Equal((after, 0), (_proxy.Requests.Single().BodyBytes, _server.Served));
    }

    [Fact]
    public async Task An_answer_is_cut_at_the_byte()
    {
        using var large = new TinyServer((_, _) => TinyServer.Text(new string('a', 200_000)));
        _proxy.Add("GET", ".", new Fault.CutAnswer(150_001));
        using var reply = await _client.GetAsync(_proxy.Front(large.Address), HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await reply.Content.ReadAsStreamAsync();
        var got = 0;
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            var buffer = new byte[8192];
            for (int n; (n = await stream.ReadAsync(buffer)) > 0;)
                got += n;
        });
        Assert.Equal(150_001, got);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-2)]
    public async Task A_wrong_length_is_announced(int difference)
    {
        _proxy.Add("GET", "things", new Fault.WrongLength(difference));
        using var reply = await _client.GetAsync(Here, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(5 + difference, reply.Content.Headers.ContentLength);
        if (difference > 0)
            await Assert.ThrowsAsync<HttpRequestException>(() => reply.Content.ReadAsStringAsync());
        else
            Assert.Equal("GET", (await reply.Content.ReadAsStringAsync()).Trim());
    }

    [Fact]
    public async Task A_delayed_request_comes_late_and_whole()
    {
        _proxy.Add("*", "things", new Fault.Delay(TimeSpan.FromMilliseconds(300)));
        var clock = Stopwatch.StartNew();
        Assert.Equal("GET 0", await _client.GetStringAsync(Here));
        Assert.True(clock.ElapsedMilliseconds >= 290, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Chunks_pass_in_both_directions()
    {
        using var chunked = new TinyServer((_, _) => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n");
        Assert.Equal("abc0123456789", await _client.GetStringAsync(_proxy.Front(chunked.Address)));
        Assert.Equal("abc0123456789", await _client.GetStringAsync(_proxy.Front(chunked.Address)));
    }

    [Fact]
    public async Task The_catalogue_leads_through_the_proxy()
    {
        using var keystone = new TinyServer((_, _) => TinyServer.Text($$$"""{"token": {"catalog": [{"endpoints": [{"url": "{{{_server.Address}}}v2.1", "interface": "public"}]}]}}""", "201 Created"));
        using var reply = await _client.PostAsync(_proxy.Front(new Uri(keystone.Address, "v3/auth/tokens")), new StringContent("{}"));
        var front = _proxy.Front(new Uri(_server.Address, "v2.1"));
        Assert.Contains($"\"url\": \"{front}\"", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual(_server.Address.Port, front.Port);
        Assert.Equal("GET 0", await _client.GetStringAsync(front));
        Assert.Empty(_proxy.Changes);
    }

    [Fact]
    public void A_clouds_file_leads_to_the_proxy()
    {
        using var folder = new TempFolder();
        var source = folder.File("source.yaml");
        File.WriteAllText(source, $$"""
            clouds:
              a:
                auth: {auth_url: "{{_server.Address}}v3", username: u}
              b:
                auth:
                  auth_url: {{_server.Address}}v3
            """);
        var written = File.ReadAllText(_proxy.WriteClouds(source, folder.Path));
        var front = _proxy.Front(new Uri(_server.Address, "v3")).ToString();
        Assert.Equal(File.ReadAllText(source).Replace($"{_server.Address}v3", front, StringComparison.Ordinal), written);
    }

    private async Task<int> Status()
    {
        using var reply = await _client.GetAsync(Here);
        return (int)reply.StatusCode;
    }

    private async Task<HttpResponseMessage> Put(int bytes, bool asks)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Here) { Content = new ByteArrayContent(new byte[bytes]) };
        request.Headers.ExpectContinue = asks;
        return await _client.SendAsync(request);
    }
}
