using System.IO.Compression;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Tests.Support;

/// <summary>A disk in memory for tests: pages of content over a sea of zeros, as large as you like.</summary>
public sealed class TestDisk(long length) : DiskImage
{
    public const int PageSize = 4096;

    private readonly SortedDictionary<long, byte[]> _pages = [];

    public override long Length => length;

    public override string Name => "test disk";

    public override DiskFormat Format => RawFormat.Instance;

    public override DiskImageInfo Info { get; } = new();

    /// <summary>Bytes read through <see cref="Read"/>, to prove that holes are not.</summary>
    public long BytesRead;

    public void Put(long offset, ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(PageSize - within, data.Length);
            if (!_pages.TryGetValue(offset / PageSize, out var page))
                _pages[offset / PageSize] = page = new byte[PageSize];
            data[..n].CopyTo(page.AsSpan(within));
            offset += n;
            data = data[n..];
        }
    }

    /// <summary>Random, compressible and zero runs, scattered by a seed.</summary>
    public static TestDisk Scattered(long length, int seed, int runs = 40, int maxRun = 300_000)
    {
        var random = new Random(seed);
        var disk = new TestDisk(length);
        for (var i = 0; i < runs; i++)
        {
            var offset = random.NextInt64(length);
            var data = new byte[(int)Math.Min(random.Next(1, maxRun), length - offset)];
            if (i % 3 == 0)
                random.NextBytes(data);
            else if (i % 3 == 1)
                for (var j = 0; j < data.Length; j++)
                    data[j] = (byte)(j / 7 % 5 * random.Next(1, 3));
            disk.Put(offset, data);
        }

        return disk;
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        Interlocked.Add(ref BytesRead, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(PageSize - within, buffer.Length);
            if (_pages.TryGetValue(offset / PageSize, out var page))
                page.AsSpan(within, n).CopyTo(buffer);
            else
                buffer[..n].Clear();
            offset += n;
            buffer = buffer[n..];
        }
    }

    public override Extent NextExtent(long offset)
    {
        var page = offset / PageSize;
        if (_pages.ContainsKey(page))
            return new Extent(offset, Math.Min(((page + 1) * PageSize) - offset, length - offset), ExtentKind.Data);
        foreach (var key in _pages.Keys)
        {
            if (key > page)
                return new Extent(offset, (key * PageSize) - offset, ExtentKind.Zero);
        }

        return new Extent(offset, length - offset, ExtentKind.Zero);
    }

    /// <summary>Writes the content as a sparse raw file.</summary>
    public string SaveRaw(string path)
    {
        using var file = File.Create(path);
        foreach (var (page, bytes) in _pages)
        {
            file.Position = page * PageSize;
            file.Write(bytes, 0, (int)Math.Min(PageSize, length - (page * PageSize)));
        }

        file.SetLength(length);
        return path;
    }
}

/// <summary>The same disk with its blocks stored deflated, as a streamOptimized VMDK would have them.</summary>
public sealed class DeflatedTestDisk : DiskImage, IDeflatedBlocks
{
    private readonly TestDisk _content;
    private readonly MemoryStore _store;
    private readonly Dictionary<long, DeflatedBlock> _blocks = [];

    public DeflatedTestDisk(TestDisk content, int blockSize = 65536)
    {
        (_content, BlockSize) = (content, blockSize);
        using var packed = new MemoryStream();
        var places = new List<(long Offset, long At, int Length, uint Adler)>();
        foreach (var at in OsMigrate.Disks.Copying.SourceScan.DataChunks(content, blockSize).Where(at => at + blockSize <= content.Length))
        {
            var data = content.ReadBytes(at, blockSize);
            var start = packed.Position;
            using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                deflate.Write(data);
            places.Add((at, start, (int)(packed.Position - start), Adler32.Compute(data)));
        }

        Packed = packed.ToArray();
        _store = new MemoryStore(Packed, "packed");
        foreach (var (offset, at, length, adler) in places)
            _blocks[offset] = new DeflatedBlock(_store, at, length, adler);
    }

    /// <summary>The bytes behind the blocks, for tests that damage them.</summary>
    public byte[] Packed { get; }

    public int BlockSize { get; }

    public override long Length => _content.Length;

    public override string Name => "deflated test disk";

    public override DiskFormat Format => RawFormat.Instance;

    public override DiskImageInfo Info { get; } = new();

    public override IDeflatedBlocks? DeflatedBlocks => this;

    public override void Read(long offset, Span<byte> buffer) => _content.Read(offset, buffer);

    public override Extent NextExtent(long offset) => _content.NextExtent(offset);

    public bool TryGet(long offset, out DeflatedBlock block) => _blocks.TryGetValue(offset, out block);

    public DeflatedBlock BlockAt(long offset) => _blocks[offset];

    public IEnumerable<long> Offsets => _blocks.Keys.Order();
}
