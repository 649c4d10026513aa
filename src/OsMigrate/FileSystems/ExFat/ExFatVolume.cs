using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.ExFat;

/// <summary>An exFAT volume. Read only; does not own the store.</summary>
public sealed class ExFatVolume : FileVolume
{
    private ExFatVolume(ByteStore store, ExFatGeometry geometry)
    {
        (Store, Geometry) = (store, geometry);
        Claims = new FolderClaims(store.Name);
        Root = new ExFatEntry(this, new ExFatNamed("", IsFolder: true, new ExFatStream(geometry.RootCluster, 0, 0, IsContiguous: false), [], -1));
        Label = ExFatFolder.Label(this);
    }

    public override string Kind => "exFAT";

    public override string? Label { get; }

    public override FileEntry Root { get; }

    internal ByteStore Store { get; }

    internal ExFatGeometry Geometry { get; }

    internal FolderClaims Claims { get; }

    public static bool Matches(ByteStore store) => store.Length >= 512 && ExFatGeometry.Matches(store.ReadBytes(0, 512));

    /// <exception cref="InvalidImageException">It is no exFAT volume, or its boot sector is damaged.</exception>
    public static ExFatVolume Open(ByteStore store) => new(store, ExFatGeometry.Parse(store));

    /// <summary>The content of a file or folder; a folder without a given size is as long as its chain.</summary>
    internal PiecesStore Content(ExFatStream stream, string name, bool toEndOfChain = false)
    {
        long cluster = Geometry.ClusterSize;
        var needed = (stream.ValidBytes + cluster - 1) / cluster;
        if (!toEndOfChain && (needed > Geometry.ClusterCount || stream.SizeBytes > (long)Geometry.ClusterCount * cluster))
            throw new InvalidImageException(ErrorIds.TooLarge, Store.Name, -1, $"'{name}' is larger than its volume");
        var pieces = new List<ContentPiece>();
        long total = 0;
        foreach (var one in stream.IsContiguous ? Row(stream.FirstCluster, needed, name) : Chain(stream.FirstCluster, toEndOfChain ? Geometry.ClusterCount + 1L : needed, name))
        {
            var at = Geometry.OffsetOf(one);
            if (pieces.Count > 0 && pieces[pieces.Count - 1] is var last && last.Start + last.Length == at)
                pieces[pieces.Count - 1] = last with { Length = last.Length + cluster };
            else
                pieces.Add(new ContentPiece(at, cluster));
            total += cluster;
        }

        // What lies beyond the valid length was never written and reads as zeros.
        return toEndOfChain
            ? new PiecesStore(Store, pieces, total, name)
            : new PiecesStore(Store, Cut(pieces, stream.ValidBytes), stream.SizeBytes, name);
    }

    private static IEnumerable<ContentPiece> Cut(List<ContentPiece> pieces, long bytes)
    {
        foreach (var piece in pieces)
        {
            if (bytes <= 0)
                yield break;
            yield return piece with { Length = Math.Min(piece.Length, bytes) };
            bytes -= piece.Length;
        }
    }

    private IEnumerable<uint> Row(uint first, long count, string name)
    {
        if (count > 0 && (first < 2 || first + count - 1 > Geometry.LastCluster))
            throw Broken(first, name);
        for (long i = 0; i < count; i++)
            yield return (uint)(first + i);
    }

    private IEnumerable<uint> Chain(uint first, long count, string name)
    {
        var cluster = first;
        for (long i = 0; i < count; i++)
        {
            if (cluster < 2 || cluster > Geometry.LastCluster || i > Geometry.ClusterCount)
                throw Broken(cluster, name);
            yield return cluster;
            cluster = BinaryPrimitives.ReadUInt32LittleEndian(Store.ReadBytes(Geometry.TableStart + (cluster * 4L), 4));
            if (cluster == uint.MaxValue && count > Geometry.ClusterCount)
                yield break;
        }
    }

    private InvalidImageException Broken(uint cluster, string name)
        => new(ErrorIds.BadStructure, Store.Name, Geometry.TableStart, $"the content of '{name}' leads to cluster {cluster}, or in a circle; clusters go from 2 to {Geometry.LastCluster}");
}
