using System.Collections.Concurrent;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Migrations.Sources;

/// <summary>Copies areas of a disk into its replica, several at a time, and where asked to reads the replica back to prove it.</summary>
/// <param name="prove">Sum up what is copied, and compare with what the replica holds afterwards.</param>
/// <param name="settled">Told, one call at a time, up to which byte of the disk everything has been copied; null for nobody.</param>
internal sealed class AreaCopy(DiskImage source, FileStore replica, bool prove, Action<long>? settled, CancellationToken cancel)
{
    // Eight of them are under way for each machine, twice: as they come and as they are written.
    private const int PieceSize = 1 << 20;
    private const int Connections = 8;

    /// <summary>Zeros of this size are left out of an empty replica.</summary>
    private const int BlockSize = 64 << 10;

    private readonly object _gate = new();
    private bool[] _done = [];
    private int _settled;

    /// <param name="areas">Ascending, within the disk.</param>
    /// <param name="isEmpty">The replica holds nothing but zeros in these areas: what is zero is not written.</param>
    /// <param name="advance">Told of every piece's length.</param>
    /// <returns>SHA-256 of the areas' content, ascending, in lower-case hex digits; empty when nothing is to be proved.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.WriteVerification"/>: the replica does not read back as it was written.</exception>
    public string Run(IReadOnlyList<Extent> areas, bool isEmpty, Action<long> advance)
    {
        var pieces = areas.SelectMany(Pieces).ToList();
        var sums = new byte[pieces.Count][];
        (_done, _settled) = (new bool[pieces.Count], 0);
        var left = new ConcurrentQueue<int>(Enumerable.Range(0, pieces.Count));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var threads = Enumerable.Range(0, Math.Min(Connections, pieces.Count)).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var buffer = new byte[PieceSize];
                using var sum = SHA256.Create();
                while (!stop.IsCancellationRequested && left.TryDequeue(out var index))
                {
                    try
                    {
                        sums[index] = Copy(pieces[index], buffer, isEmpty, sum);
                        advance(pieces[index].Length);
                        Settle(pieces, index);
                    }
                    catch
                    {
                        stop.Cancel();
                        throw;
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Await(threads);
        cancel.ThrowIfCancellationRequested();
        replica.Flush();
        return prove ? Verify(pieces, sums) : "";
    }

    private void Settle(List<Extent> pieces, int index)
    {
        if (settled is null)
            return;
        lock (_gate)
        {
            _done[index] = true;
            var before = _settled;
            while (_settled < _done.Length && _done[_settled])
                _settled++;
            if (_settled > before)
                settled(pieces[_settled - 1].End);
        }
    }

    private static void Await(Task[] threads)
    {
        try
        {
            Task.WaitAll(threads);
        }
        catch (AggregateException e)
        {
            var faults = e.Flatten().InnerExceptions;
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(faults.FirstOrDefault(static f => f is OsMigrateException) ?? faults[0]).Throw();
        }
    }

    private byte[] Copy(Extent piece, byte[] buffer, bool isEmpty, SHA256 sum)
    {
        var part = buffer.AsSpan(0, (int)piece.Length);
        source.Read(piece.Start, part);
        if (isEmpty)
            WriteUsed(piece.Start, part);
        else
            replica.Write(piece.Start, part);
        return prove ? sum.ComputeHash(buffer, 0, part.Length) : [];
    }

    /// <summary>Writes what is not zero, in runs of whole blocks.</summary>
    private void WriteUsed(long start, ReadOnlySpan<byte> part)
    {
        for (var at = 0; at < part.Length;)
        {
            var end = at;
            while (end < part.Length && !Zeros.AreAll(part.Slice(end, Math.Min(BlockSize, part.Length - end))))
                end = Math.Min(part.Length, end + BlockSize);
            if (end > at)
                replica.Write(start + at, part.Slice(at, end - at));
            at = Math.Min(part.Length, end + BlockSize);
        }
    }

    private string Verify(List<Extent> pieces, byte[][] sums)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sum = SHA256.Create();
        var buffer = new byte[PieceSize];
        for (var i = 0; i < pieces.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            replica.Read(pieces[i].Start, buffer.AsSpan(0, (int)pieces[i].Length));
            if (!sum.ComputeHash(buffer, 0, (int)pieces[i].Length).AsSpan().SequenceEqual(sums[i]))
                throw new OsMigrateException(ErrorIds.WriteVerification, ErrorKind.IntegrityFailure, $"'{replica.Name}' does not read back at {pieces[i].Start} as it was written.", replica.Name);
            all.AppendData(buffer, 0, (int)pieces[i].Length);
        }

        return Hex.Lower(all.GetHashAndReset());
    }

    private static IEnumerable<Extent> Pieces(Extent area)
    {
        for (var at = area.Start; at < area.End; at += PieceSize)
            yield return new Extent(at, Math.Min(PieceSize, area.End - at), ExtentKind.Data);
    }
}
