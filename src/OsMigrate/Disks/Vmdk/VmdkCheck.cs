using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Checks a VMDK as a whole: tables and grains within the file and apart from each other, both directories alike, every compressed grain sound.</summary>
internal sealed class VmdkCheck(VmdkSparseExtent extent, CancellationToken cancel)
{
    private const int Batch = 256;

    private readonly string _name = extent.FileName;
    private readonly SectorUse? _use = SectorUse.For(extent.FileLength);

    /// <summary>Checks the disk and its extents; parents are images of their own.</summary>
    public static IEnumerable<ImageFinding> Run(ByteStore store, Siblings siblings, CancellationToken cancel)
    {
        VmdkImage? image = null;
        InvalidImageException? fault = null;
        try
        {
            image = new VmdkOpener(store, siblings).Open();
        }
        catch (InvalidImageException e)
        {
            fault = e;
        }

        if (fault is not null)
        {
            yield return ImageFinding.From(fault);
            yield break;
        }

        foreach (var finding in image!.Extents.OfType<VmdkSparseExtent>().SelectMany(e => new VmdkCheck(e, cancel).Run()))
            yield return finding;
    }

    private IEnumerable<ImageFinding> Run()
    {
        if (_use is null)
            yield return new ImageFinding(FindingSeverity.Warning, ErrorIds.TooLarge, _name, -1, "the file is too large to look for overlaps and lost space; everything else is checked");
        foreach (var finding in Tables().Concat(Grains()))
            yield return finding;
        if (extent is not VmdkCompressedExtent && _use is not null && LostSectors() is > 0 and var lost)
            yield return new ImageFinding(FindingSeverity.Leak, ErrorIds.BadStructure, _name, -1, $"{lost * VmdkFormat.SectorSize} bytes belong to nothing");
    }

    private IEnumerable<ImageFinding> Tables()
    {
        var tables = extent.Tables;
        for (long i = 0; i < tables.TableCount; i++)
        {
            cancel.ThrowIfCancellationRequested();
            InvalidImageException? fault = null;
            long offset = 0;
            try
            {
                offset = tables.TableOffset(i);
            }
            catch (InvalidImageException e)
            {
                fault = e;
            }

            if (fault is not null)
                yield return ImageFinding.From(fault);
            if (offset == 0)
                continue;
            if (offset > extent.FileLength - tables.TableBytes)
                yield return new ImageFinding(FindingSeverity.Corruption, ErrorIds.Truncated, _name, offset, $"grain table {i} reaches past the end of the file");
            else if (_use is not null && !_use.Take(offset, tables.TableBytes))
                yield return new ImageFinding(FindingSeverity.Corruption, ErrorIds.Overlap, _name, offset, $"grain table {i} shares sectors with another table");
        }

        foreach (var finding in SecondDirectory())
            yield return finding;
    }

    /// <summary>The redundant directory leads to copies of the tables; where it differs, a reader that uses it sees another disk.</summary>
    private IEnumerable<ImageFinding> SecondDirectory()
    {
        if (extent.RedundantTables is not { } second)
            yield break;
        for (long i = 0; i < extent.Tables.TableCount; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var ours = extent.Tables.TableOffset(i);
            var theirs = second.TableOffset(i);
            if (theirs != 0 && theirs != ours && theirs <= extent.FileLength - second.TableBytes)
                _use?.Take(theirs, second.TableBytes);
            if ((ours == 0) != (theirs == 0) || !SameTable(i, second))
                yield return new ImageFinding(FindingSeverity.Warning, ErrorIds.BadStructure, _name, theirs, $"grain table {i} and its redundant copy differ; the first one counts");
        }
    }

    private bool SameTable(long number, GrainTables second)
    {
        try
        {
            return extent.Tables.ReadTable(number).AsSpan().SequenceEqual(second.ReadTable(number));
        }
        catch (InvalidImageException)
        {
            return false;
        }
    }

    private IEnumerable<ImageFinding> Grains()
    {
        var batch = new List<long>(Batch);
        for (long grain = 0; grain < extent.Grains;)
        {
            cancel.ThrowIfCancellationRequested();
            ImageFinding? finding = null;
            long step = 1;
            try
            {
                step = Math.Max(1, extent.Tables.AbsentRun(grain));
                if (step == 1 && extent.Tables.Find(grain, out var place) == VmdkRunKind.Data)
                {
                    finding = Place(grain, place);
                    if (finding is null)
                        batch.Add(grain);
                }
            }
            catch (InvalidImageException e)
            {
                // One fault stands for the whole table that cannot be read.
                finding = ImageFinding.From(e);
                step = extent.Tables.TableEntries - (grain % extent.Tables.TableEntries);
            }

            if (finding is not null)
                yield return finding;
            grain += step;
            if (batch.Count == Batch || grain >= extent.Grains)
            {
                foreach (var broken in Expand(batch))
                    yield return broken;
                batch.Clear();
            }
        }
    }

    private ImageFinding? Place(long grain, long place)
    {
        long bytes = extent.GrainBytes;
        if (extent is VmdkCompressedExtent compressed)
            bytes = compressed.StoredBytes(grain, place);
        else if (place > extent.FileLength - Math.Min(bytes, extent.Length - (grain * bytes)))
            return new ImageFinding(FindingSeverity.Corruption, ErrorIds.Truncated, _name, place, $"grain {grain} reaches past the end of the file");
        return _use is null || _use.Take(place, bytes) ? null : new ImageFinding(FindingSeverity.Corruption, ErrorIds.Overlap, _name, place, $"grain {grain} shares sectors with a table or another grain");
    }

    private List<ImageFinding> Expand(List<long> grains)
    {
        if (extent is not VmdkCompressedExtent)
            return [];
        var findings = new ImageFinding?[grains.Count];
        Parallel.For(0, grains.Count, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            var start = grains[i] * extent.GrainBytes;
            var buffer = new SharedBuffer(extent.GrainBytes);
            try
            {
                extent.Read(start, buffer.Span(0, (int)Math.Min(extent.GrainBytes, extent.Length - start)));
            }
            catch (InvalidImageException e)
            {
                findings[i] = ImageFinding.From(e);
            }
            finally
            {
                buffer.Release();
            }
        });
        return findings.OfType<ImageFinding>().ToList();
    }

    private long LostSectors()
    {
        _use!.Take(0, extent.OverheadBytes);
        return _use.CountUnused();
    }
}
