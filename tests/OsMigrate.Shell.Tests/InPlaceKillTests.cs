using System.Diagnostics;
using OsMigrate.Shell.Tests.Support;
using Xunit.Abstractions;

namespace OsMigrate.Shell.Tests;

/// <summary>A process that changes a disk image in place is killed: what is left is the old image, the new one, or one that is refused until it was put back.</summary>
public sealed class InPlaceKillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("raw")]
    [InlineData("qcow2")]
    public void Killed_at_a_random_moment_an_edit_in_place_leaves_the_old_or_the_new_image(string format)
    {
        var guest = SharedData.File("oracle/in/win2k22-uefi.img");
        var iso = SharedData.File("oracle/in/virtio-win.iso");
        var pristine = _folder.File("pristine");
        if (format == "raw")
            File.Copy(guest, pristine);
        else
            Assert.Equal(0, StagedShell.Command($"Convert-DiskImage '{guest}' '{pristine}' -DiskFormat qcow2 -Compression None").ExitCode);
        var old = Sums.Sha256(pristine);
        var image = _folder.File("image");
        var journal = image + ".osmigrate-undo";
        var random = new Random(7);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var whole = Duration(pristine, image, iso);
        var runs = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1" ? 100 : 6;
        for (var i = 0; i < runs; i++)
        {
            File.Copy(pristine, image, overwrite: true);
            using var process = Edit(image, iso);
            // Half of the kills anywhere, the first of them before the edit can have begun; half in the short time in which the journal is there.
            if (i % 2 == 0)
                process.WaitForExit(i == 0 ? whole / 20 : random.Next(whole / 20, whole));
            else
                WaitFor(journal, process, random.Next(0, 60));
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            var state = State(image, journal, old);
            counts[state] = counts.GetValueOrDefault(state) + 1;
        }

        output.WriteLine($"{format}: {runs} kills: {string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}"))}");
        Assert.True(counts.Count > 1, "all kills hit the same state");
    }

    private Process Edit(string image, string iso)
    {
        var process = StagedShell.Start(_folder.Path, "-NonInteractive", "-Command", $"Add-VirtioDriver '{image}' -InPlace -VirtioDriver '{iso}'");
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Milliseconds that an edit takes on this machine when nobody kills it.</summary>
    private int Duration(string pristine, string image, string iso)
    {
        File.Copy(pristine, image, overwrite: true);
        var clock = Stopwatch.StartNew();
        using var process = Edit(image, iso);
        Assert.True(process.WaitForExit(120_000), "the edit does not end");
        return (int)clock.ElapsedMilliseconds;
    }

    private static string State(string image, string journal, string old)
    {
        if (!File.Exists(journal))
            return Sums.Sha256(image) == old ? "old" : NewIsWhole(image);
        var refused = StagedShell.Command($"Get-DiskImage '{image}'");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("was being changed in place", refused.Errors, StringComparison.Ordinal);
        var undone = StagedShell.Command($"(Undo-DiskImageEdit '{image}').WasChanged");
        Assert.True(undone.ExitCode == 0, undone.Errors);
        Assert.Equal(old, Sums.Sha256(image));
        Assert.False(File.Exists(journal));
        return undone.Output.Trim() == "True" ? "in between, put back" : "old, with a part of a journal";
    }

    private static string NewIsWhole(string image)
    {
        var look = StagedShell.Command($"(Get-GuestOperatingSystem '{image}').HasVirtioStorage; (Test-GuestFileSystem '{image}').IsHealthy; (Test-DiskImage '{image}').IsHealthy");
        Assert.True(look.ExitCode == 0, look.Errors);
        Assert.DoesNotContain("False", look.Output, StringComparison.Ordinal);
        return "new";
    }

    private static void WaitFor(string path, Process process, int thenMilliseconds)
    {
        while (!File.Exists(path) && !process.HasExited)
            Thread.Sleep(0);
        process.WaitForExit(thenMilliseconds);
    }
}
