using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

public sealed class HostFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_reads_as_a_volume()
    {
        FileTree.Make(_folder.File("tree"));
        Assert.Equal(FileTree.OfFolder(_folder.File("tree")), FileTree.Of(HostFolder.Open(_folder.File("tree"))));
    }

    [Fact]
    public void Links_inside_are_followed_and_those_that_lead_out_or_up_are_not()
    {
        Directory.CreateDirectory(_folder.File("tree/inside"));
        File.WriteAllText(_folder.File("tree/inside/a.inf"), "a");
        File.WriteAllText(_folder.File("secret"), "s");
        File.CreateSymbolicLink(_folder.File("tree/link.inf"), "inside/a.inf");
        File.CreateSymbolicLink(_folder.File("tree/out.inf"), "../secret");
        File.CreateSymbolicLink(_folder.File("tree/circle"), "circle");
        Directory.CreateSymbolicLink(_folder.File("tree/other"), "inside");
        Directory.CreateSymbolicLink(_folder.File("tree/inside/up"), "..");
        Directory.CreateSymbolicLink(_folder.File("tree/away"), _folder.Path);
        var names = FileTree.Of(HostFolder.Open(_folder.File("tree"))).Select(l => l.Split(' ')[0]);
        Assert.Equal(["/inside/", "/inside/a.inf", "/link.inf", "/other/", "/other/a.inf"], names);
    }

    [Fact]
    public void A_link_to_the_folder_itself_may_be_given()
    {
        Directory.CreateDirectory(_folder.File("tree"));
        File.WriteAllText(_folder.File("tree/a.inf"), "a");
        Directory.CreateSymbolicLink(_folder.File("way"), "tree");
        Assert.Equal("a.inf", Assert.Single(HostFolder.Open(_folder.File("way")).Root.Children()).Name);
    }

    [Fact]
    public void A_missing_folder_is_said_to_be_missing()
        => Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<OsMigrateException>(() => HostFolder.Open(_folder.File("nothing"))).ErrorId);
}
