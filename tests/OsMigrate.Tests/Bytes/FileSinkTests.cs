using System.Security.Cryptography;
using CsCheck;
using OsMigrate.Bytes;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Bytes;

public class FileSinkTests
{
    [Fact]
    public void Every_mix_of_small_large_shared_and_zero_pieces_arrives_in_order_and_hashes_right()
    {
        var piece = Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Int[0, 5000], Gen.Int[200_000, 1_500_000]));
        piece.List[0, 15].Sample(
            pieces =>
            {
                using var folder = new TempFolder();
                using var expected = new MemoryStream();
                using var file = FileSink.Create(folder.File("a.bin"), overwrite: false);
                using var hashing = new HashingSink(file, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512);
                var random = new Random(pieces.Count);
                foreach (var (kind, length) in pieces)
                {
                    var data = new byte[length];
                    if (kind != 0)
                        random.NextBytes(data);
                    expected.Write(data);
                    switch (kind)
                    {
                        case 0:
                            hashing.AppendZeros(length);
                            break;
                        case 1:
                            hashing.Append(data);
                            break;
                        default:
                            var shared = new SharedBuffer(length + 10);
                            data.CopyTo(shared.Span(5, length));
                            hashing.Append(shared, 5, length);
                            shared.Release();
                            break;
                    }
                }

                var sums = hashing.Finish();
                file.Complete(flush: false);
                Assert.Equal(expected.ToArray(), File.ReadAllBytes(folder.File("a.bin")));
                Assert.Equal(Sums.Sha256(folder.File("a.bin")), sums[HashAlgorithmName.SHA256]);
                Assert.Equal(Sums.Sha512(folder.File("a.bin")), sums[HashAlgorithmName.SHA512]);
            },
            iter: 40);
    }

    [Fact]
    public void Without_completion_nothing_is_left()
    {
        using var folder = new TempFolder();
        using (var file = FileSink.Create(folder.File("a.bin"), overwrite: false))
        {
            file.Append(new byte[3_000_000]);
            Assert.Single(Directory.GetFiles(folder.Path, "*.partial"));
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void An_existing_file_is_kept_unless_overwriting_was_asked_for()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("a.bin"), "mine");
        var error = Assert.Throws<OsMigrateException>(() => FileSink.Create(folder.File("a.bin"), overwrite: false));
        Assert.Equal(ErrorIds.FileExists, error.ErrorId);
        Assert.Equal("mine", File.ReadAllText(folder.File("a.bin")));
        using (var file = FileSink.Create(folder.File("a.bin"), overwrite: true))
        {
            file.Append("new"u8);
            Assert.Equal("mine", File.ReadAllText(folder.File("a.bin")));
            file.Complete(flush: true);
        }

        Assert.Equal("new", File.ReadAllText(folder.File("a.bin")));
    }

    [SkippableFact]
    public void A_full_disk_is_named_as_such_and_leaves_nothing()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName is "root", "needs root on Linux to mount a small file system");
        Tool.Require("mount");
        using var folder = new TempFolder();
        var (code, output) = Tool.Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.Path);
        Skip.If(code != 0, "a tmpfs cannot be mounted here: " + output);
        try
        {
            var error = Assert.Throws<OsMigrateException>(() =>
            {
                using var file = FileSink.Create(folder.File("a.bin"), overwrite: false);
                for (var i = 0; i < 10; i++)
                {
                    var shared = new SharedBuffer(1 << 20);
                    file.Append(shared, 0, 1 << 20);
                    shared.Release();
                }

                file.Complete(flush: false);
            });
            Assert.Equal(ErrorIds.DiskFull, error.ErrorId);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }
        finally
        {
            Tool.Check("umount", folder.Path);
        }
    }
}
