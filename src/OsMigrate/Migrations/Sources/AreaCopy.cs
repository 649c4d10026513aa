using System.Collections.Concurrent;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Migrations.Sources;

/// <summary>Copies areas of a disk into its replica, several at a time, and reads the replica back to prove it.</summary>
internal sealed class AreaCopy(DiskImage source, FileStore replica, CancellationToken cancel)
{
    private const int PieceSize = 2 << 20;
    private const int Connections = 8;

    private readonly object _gate = new();

    /// <param name="areas">Ascending, within the disk.</param>
    /// <param name="isEmpty">The replica holds nothing but zeros in these areas: what is zero is not written.</param>
    /// <param name="advance">Told of every piece's length.</param>
    /// <returns>SHA-256 of the areas' content, ascending, in lower-case hex digits.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.WriteVerification"/>: the replica does not read back as it was written.</exception>
    public string Run(IReadOnlyList<Extent> areas, bool isEmpty, Action<long> advance)
    {
        var pieces = areas.SelectMany(Pieces).ToList();
        var sums = new byte[pieces.Count][];
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
        return Verify(pieces, sums);
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
        if (!isEmpty || !Zeros.AreAll(part))
        {
            lock (_gate)
                replica.Write(piece.Start, part);
        }

        return sum.ComputeHash(buffer, 0, part.Length);
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
