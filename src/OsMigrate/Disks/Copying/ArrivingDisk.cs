using OsMigrate.Bytes;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Vmdk;

namespace OsMigrate.Disks.Copying;

/// <summary>Turns a streamOptimized VMDK into a QCOW2 while it arrives: its grains become clusters, checked on the way, and the VMDK itself is never stored.</summary>
/// <remarks>
/// After a fault the target's content is void. A stream of a shape that cannot be taken as it comes is an <see cref="InvalidImageException"/> like
/// a damaged one: whoever sends it can be asked once more, to store it and look at it as a file.
/// </remarks>
/// <param name="name">For errors.</param>
/// <param name="capacityBytes">What the disk is known to hold.</param>
/// <param name="target">An empty sink that can be patched.</param>
internal sealed class ArrivingDisk(string name, long capacityBytes, Sink target, EncodeOptions options) : IDisposable
{
    private StreamOptimizedReader? _reader;
    private Qcow2Intake? _intake;
    private GrainBatch? _batch;
    private int _grainBytes;

    /// <summary>How far on the disk the stream is, in bytes.</summary>
    public long Passed { get; private set; }

    /// <summary>Takes the next bytes of the VMDK, however they are cut.</summary>
    /// <exception cref="InvalidImageException">The stream is damaged, or cannot be taken as it comes.</exception>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        _reader ??= new StreamOptimizedReader(name, capacityBytes, Open, Take);
        _reader.Take(bytes);
    }

    /// <summary>The stream is over.</summary>
    /// <exception cref="InvalidImageException">It is not.</exception>
    public EncodeResult Finish()
    {
        if (_reader is null)
            throw new InvalidImageException(ErrorIds.Truncated, name, 0, "nothing arrived");
        _reader.Finish();
        Send();
        return _intake!.Finish();
    }

    public void Dispose()
    {
        _intake?.Dispose();
        _batch?.Dispose();
    }

    private void Open(VmdkSparseHeader header)
    {
        if (!Qcow2Geometry.SuitsBlocks(header.GrainBytes))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, name, 20, $"grains of {header.GrainBytes} bytes cannot become clusters");
        _grainBytes = header.GrainBytes;
        _intake = new Qcow2Intake(header.CapacityBytes, header.GrainBytes, target, options);
    }

    private void Take(long grain, long place, ReadOnlySpan<byte> record)
    {
        if (_batch is not null && !_batch.Covers(grain))
            Send();
        var offset = grain * _grainBytes;
        _batch ??= new GrainBatch(name, capacityBytes, _grainBytes, offset / _intake!.ChunkSize * _intake.ChunkSize, _intake.ChunkSize, place);
        _batch.Add(grain, place, record);
        Passed = Math.Min(offset + _grainBytes, capacityBytes);
    }

    private void Send()
    {
        if (_batch is not { } batch)
            return;
        _batch = null;
        _intake!.Add(batch.Offset, batch, batch);
    }
}
