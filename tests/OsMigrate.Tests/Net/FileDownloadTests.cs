using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Net;

public sealed class FileDownloadTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _content = new byte[300_000];
    private readonly FileServer _server;
    private readonly HttpTransport _transport = new(new TlsSettings(), null, null, new HastyTime());

    public FileDownloadTests()
    {
        new Random(3).NextBytes(_content);
        _server = new FileServer(_content);
    }

    private string Target => _folder.File("virtio-win.iso");

    public void Dispose()
    {
        _server.Dispose();
        _transport.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_arrives_whole_and_nothing_else_is_left()
    {
        var told = new List<(long, long?)>();
        var file = new FileDownload(_transport) { Progress = (have, all) => told.Add((have, all)) }.Run(_server.Address, Target, Sum(_content), false, default);
        Assert.Equal(DownloadOutcome.Downloaded, file.Outcome);
        Assert.Equal(_content, File.ReadAllBytes(Target));
        Assert.Equal((300_000L, 300_000L), told[^1]);
        Assert.Equal(["virtio-win.iso", "virtio-win.iso.download"], Names());
    }

    [Fact]
    public void A_connection_that_breaks_again_and_again_is_gone_on_with()
    {
        _server.BreakAfter = 130_000;
        Download();
        Assert.Equal(_content, File.ReadAllBytes(Target));
        Assert.Contains("range: bytes=130000-", _server.Requests[1], StringComparison.Ordinal);
        Assert.Contains("if-range: \"one\"", _server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public void What_was_broken_off_goes_on_another_day_and_only_the_same_version()
    {
        using var stop = new CancellationTokenSource();
        var stopping = new FileDownload(_transport) { Progress = (_, _) => stop.Cancel() };
        Assert.ThrowsAny<OperationCanceledException>(() => stopping.Run(_server.Address, Target, null, false, stop.Token));
        Assert.False(File.Exists(Target));
        var have = new FileInfo(Target + ".partial").Length;
        Assert.InRange(have, 1, 299_999);
        Download();
        Assert.Contains($"range: bytes={have}-", _server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(_content, File.ReadAllBytes(Target));

        File.Move(Target, Target + ".partial");
        File.WriteAllLines(Target + ".partial.download", [_server.Address.AbsoluteUri, "\"old\"", "300000", ""]);
        File.Delete(Target + ".download");
        using (var cut = new FileStream(Target + ".partial", FileMode.Open))
            cut.SetLength(1000);
        _server.Content = [.. Enumerable.Reverse(_content)];
        Download();
        Assert.Equal(_server.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_server_without_ranges_sends_everything_anew()
    {
        File.WriteAllBytes(Target + ".partial", _content[..500]);
        File.WriteAllLines(Target + ".partial.download", [_server.Address.AbsoluteUri, "\"one\"", "300000", ""]);
        _server.HasRanges = false;
        Download();
        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_part_larger_than_the_file_is_thrown_away()
    {
        File.WriteAllBytes(Target + ".partial", new byte[400_000]);
        File.WriteAllLines(Target + ".partial.download", [_server.Address.AbsoluteUri, "\"one\"", "-1", ""]);
        Download();
        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_file_at_hand_is_fetched_again_only_when_it_changed()
    {
        Download();
        Assert.Equal(DownloadOutcome.UpToDate, Download().Outcome);
        Assert.Contains("if-none-match: \"one\"", _server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(DownloadOutcome.NotAsked, new FileDownload(_transport).Run(_server.Address, Target, Sum(_content), false, default).Outcome);
        Assert.Equal(2, _server.Requests.Count);
        (_server.ETag, _server.Content) = ("\"two\"", [1, 2, 3]);
        Assert.Equal(DownloadOutcome.Downloaded, Download().Outcome);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_wrong_checksum_leaves_nothing_and_not_even_an_older_file_is_touched()
    {
        Download();
        _server.ETag = "\"two\"";
        var error = Assert.Throws<OsMigrateException>(() => new FileDownload(_transport).Run(_server.Address, Target, new string('0', 64), false, default));
        Assert.Equal(ErrorIds.NetChecksum, error.ErrorId);
        Assert.Equal(["virtio-win.iso", "virtio-win.iso.download"], Names());
    }

    [Fact]
    public void A_file_from_elsewhere_is_not_replaced_unasked()
    {
        File.WriteAllText(Target, "mine");
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<OsMigrateException>(Download).ErrorId);
        Assert.Equal("mine", File.ReadAllText(Target));
        new FileDownload(_transport).Run(_server.Address, Target, null, overwrite: true, default);
        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Redirects_are_followed_and_circles_end()
    {
        _server.Instead = "HTTP/1.1 302 Found\r\nLocation: /moved/virtio-win-0.1.iso\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Download();
        Assert.Equal(_content, File.ReadAllBytes(Target));
        File.Delete(Target);
        _server.Instead = "HTTP/1.1 302 Found\r\nLocation: /virtio-win.iso\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.Equal(ErrorIds.NetBadAnswer, Assert.Throws<OsMigrateException>(Download).ErrorId);
        _server.Instead = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.Equal(ErrorIds.NetBadAnswer, Assert.Throws<OsMigrateException>(Download).ErrorId);
    }

    [Fact]
    public void What_is_not_there_is_said_to_be_missing()
    {
        _server.Instead = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<OsMigrateException>(Download).ErrorId);
        Assert.Empty(Names());
    }

    [Fact]
    public void Without_a_server_the_file_at_hand_is_used_and_that_is_told()
    {
        Download();
        _server.Dispose();
        var told = new List<string>();
        var file = new FileDownload(_transport) { Note = told.Add }.Run(_server.Address, Target, null, false, default);
        Assert.Equal(DownloadOutcome.NotAsked, file.Outcome);
        Assert.Contains("earlier download", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(["virtio-win.iso", "virtio-win.iso.download"], Names());
    }

    private DownloadedFile Download() => new FileDownload(_transport).Run(_server.Address, Target, null, false, default);

    private IEnumerable<string?> Names() => Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order();

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Waits between repetitions are over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.FromTicks(dueTime.Ticks / 1000), period);
    }
}
