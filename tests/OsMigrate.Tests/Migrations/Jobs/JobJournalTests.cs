using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Migrations.Jobs;

public sealed class JobJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("journal.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_appended_is_there_for_the_next_process()
    {
        Write("one", "two");
        using var again = JobJournal.OpenForWriting(Path);
        Assert.Equal(["one", "two"], again.Entries.Select(e => (string)e.Data["name"]!));
        again.Append("step", new JsonObject { ["name"] = "three" });
        again.Dispose();
        using var read = JobJournal.OpenForReading(Path, out var isBusy);
        Assert.False(isBusy);
        Assert.Equal(["one", "two", "three"], read.Entries.Select(e => (string)e.Data["name"]!));
    }

    [Fact]
    public void A_torn_last_line_never_happened_wherever_it_was_torn()
    {
        Write("one", "two");
        var whole = File.ReadAllBytes(Path);
        var second = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = second; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            using (var journal = JobJournal.OpenForWriting(Path))
            {
                Assert.Single(journal.Entries);
                journal.Append("step", new JsonObject { ["name"] = "after" });
            }

            using var read = JobJournal.OpenForReading(Path, out _);
            Assert.Equal(["one", "after"], read.Entries.Select(e => (string)e.Data["name"]!));
        }
    }

    [Fact]
    public void Any_flipped_bit_before_the_last_line_is_an_error_that_names_the_place()
    {
        Write("one", "two", "three");
        var whole = File.ReadAllBytes(Path);
        var first = Array.IndexOf(whole, (byte)'\n');
        for (var bit = 0; bit < first * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Path, damaged);
            var fault = Assert.Throws<OsMigrateException>(() => JobJournal.OpenForReading(Path, out _));
            Assert.Equal(ErrorIds.JobDamaged, fault.ErrorId);
            Assert.Contains("offset 0", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_one_process_writes_and_others_see_that_it_does()
    {
        using var journal = JobJournal.Create(Path);
        journal.Append("plan");
        Assert.Equal(ErrorIds.JobBusy, Assert.Throws<OsMigrateException>(() => JobJournal.OpenForWriting(Path)).ErrorId);
        using var read = JobJournal.OpenForReading(Path, out var isBusy);
        Assert.True(isBusy);
        Assert.Single(read.Entries);
    }

    [Fact]
    public void A_store_takes_no_path_for_an_id()
    {
        var store = new JobStore(_folder.Path);
        foreach (var id in new[] { "../x", "a/b", "", "..", new string('a', 65) })
            Assert.Equal(ErrorIds.JobUnknown, Assert.Throws<OsMigrateException>(() => store.Open(id)).ErrorId);
    }

    [Fact]
    public void Ids_sort_by_time_and_are_never_the_same()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => JobStore.NewId()).ToList();
        Assert.Equal(1000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches(@"^\d{8}-\d{6}-[0-9a-f]{8}$", id));
    }

    private void Write(params string[] names)
    {
        using var journal = JobJournal.Create(Path);
        foreach (var name in names)
            journal.Append("step", new JsonObject { ["name"] = name });
    }
}
