using OsMigrate.Bytes;
using OsMigrate.Migrations.Sources;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Tags;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>Tags over the REST API, and what is done to a source once its server is there.</summary>
public sealed class TagTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("-rest-old", "/rest/")]
    [InlineData("-rest-old=false", "/api/")]
    public void Tags_of_machines_are_read_in_both_forms_of_the_API(string option, string path)
    {
        using var peer = Peer([option]);
        using var session = Connect(peer);
        using (var tags = new VSphereTags(session, None))
        {
            var found = tags.Of([Machine(session, "a").Reference, Machine(session, "b").Reference, Machine(session, "c").Reference]);
            Assert.Equal(["state/old", "wave/1"], found[Machine(session, "a").Reference]);
            Assert.Equal(["wave/1"], found[Machine(session, "b").Reference]);
            Assert.Equal(2, found.Count);
        }

        Assert.Contains(peer.Calls, c => c.StartsWith("POST " + path, StringComparison.Ordinal));
        Assert.Contains(peer.Calls, c => c.StartsWith("DELETE " + path, StringComparison.Ordinal) && c.Contains("session", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_borrowed_session_reads_tags_too_and_ends_nothing()
    {
        using var peer = Peer([]);
        using var first = Connect(peer);
        using var session = Connect(peer, VSphereLogin.FromSession(new Secret(first.CookieHeaders()[0].Value.Split('=')[1])));
        using (var tags = new VSphereTags(session, None))
            Assert.Single(tags.Of([Machine(session, "b").Reference]));
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("DELETE ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_tag_is_found_by_its_own_name_where_only_one_has_it()
    {
        using var peer = Peer(["-tags", "state/moved;wave/2;other/2"]);
        using var session = Connect(peer);
        using var tags = new VSphereTags(session, None);
        Assert.Equal("state/moved", tags.NameOf(tags.Find("Moved")));
        Assert.Equal("wave/2", tags.NameOf(tags.Find("wave/2")));
        Assert.Equal(ErrorIds.VSphereAmbiguous, Assert.Throws<OsMigrateException>(() => tags.Find("2")).ErrorId);
        var missing = Assert.Throws<OsMigrateException>(() => tags.Find("nothing"));
        Assert.Equal(ErrorIds.VSphereNotFound, missing.ErrorId);
        Assert.Contains("state/moved", missing.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_source_is_renamed_and_tagged_and_gets_both_back()
    {
        using var peer = Peer(["-tags", "state/moved"]);
        using var session = Connect(peer);
        var (notes, machine) = (new MemoryNotes(_ => { }), Machine(session, "a"));
        var origin = Marked(session, machine, "a/100%-moved", "state/moved");
        new SourceMark(session, origin, notes, None).Set();
        Assert.Equal("a/100%-moved", new VSphereInventory(session, None).Read(machine.Reference).Name);
        Assert.Contains("state/moved", TagsOf(session, machine));
        // Once more changes nothing: a job that goes on after a crash does so.
        new SourceMark(session, origin, notes, None).Set();
        new SourceRelease(session, origin, notes, None).Undo();
        Assert.Equal("a", Machine(session, "a").Name);
        Assert.Equal(["state/old", "wave/1"], TagsOf(session, machine));
    }

    [SkippableFact]
    public void What_was_there_before_or_was_changed_since_is_left_alone()
    {
        using var peer = Peer([]);
        using var session = Connect(peer);
        var (notes, machine) = (new MemoryNotes(_ => { }), Machine(session, "b"));
        var origin = Marked(session, machine, "b-moved", "wave/1");
        new SourceMark(session, origin, notes, None).Set();
        new OsMigrate.VSphere.Machines.MachineName(session, None).Set(machine.Reference, "renamed by hand");
        new SourceRelease(session, origin, notes, None).Undo();
        Assert.Equal("renamed by hand", new VSphereInventory(session, None).Read(machine.Reference).Name);
        Assert.Equal(["wave/1"], TagsOf(session, machine));
    }

    [Fact]
    public void Metadata_is_what_Nova_takes()
    {
        var metadata = SourceTags.Metadata(["wave/1", "wave/2", "Größe/L"], new Dictionary<string, string> { ["owner@site"] = "ops", ["long"] = new string('x', 300) });
        Assert.Equal("1, 2", metadata["vsphere_tag_wave"]);
        Assert.Equal("L", metadata["vsphere_tag_Gr__e"]);
        Assert.Equal("ops", metadata["vsphere_attribute_owner_site"]);
        Assert.Equal(255, metadata["vsphere_attribute_long"].Length);
    }

    private VCenterPeer Peer(string[] options)
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 1 << 20, 1);
        var peer = VCenterPeer.Start(options, $"name=a,disk={disk},tag=wave/1,tag=state/old", $"name=b,disk={disk},tag=wave/1", $"name=c,disk={disk}");
        // It has made its tags by its own API.
        peer.ForgetCalls();
        return peer;
    }

    private VSphereOrigin Marked(VSphereSession session, VSphereMachine machine, string name, string tag)
    {
        using var tags = new VSphereTags(session, None);
        return Origin(machine, _folder.File("work")) with { RenameTo = name, TagName = tag, TagId = tags.Find(tag) };
    }

    private static IReadOnlyList<string> TagsOf(VSphereSession session, VSphereMachine machine)
    {
        using var tags = new VSphereTags(session, None);
        return tags.Of([machine.Reference])[machine.Reference];
    }
}
