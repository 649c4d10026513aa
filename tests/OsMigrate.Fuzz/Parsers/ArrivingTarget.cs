using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Vmdk;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>A streamOptimized VMDK taken as it arrives: what is taken must be what the same file says when it is opened.</summary>
internal sealed class ArrivingTarget : FuzzTarget
{
    private const long MaxCompared = 64L << 20;

    public override string Name => "vmdk-arriving";

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get("disk-vmdk", path => DiskSeeds.Make(VmdkFormat.Instance, path));

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        var capacity = length < 20 ? 512 : (long)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(12)), 1UL << 40) * 512;
        using var sink = new MemorySink();
        using (var arriving = new ArrivingDisk("input", capacity, sink, new EncodeOptions { Checksums = ChecksumKinds.None, Parallelism = 1 }))
        {
            for (var at = 0; at < length;)
            {
                var n = Math.Min(random.Next(1, 70_000), length - at);
                arriving.Take(bytes.AsSpan(at, n));
                at += n;
            }

            arriving.Finish();
        }

        using var arrived = Qcow2Format.Instance.Open(new MemoryStore(sink.ToArray()), InputSiblings.None);
        using var stored = VmdkFormat.Instance.Open(new InputStore(bytes, length, "input"), InputSiblings.None);
        if (arrived.Length != stored.Length)
            throw new BrokenPromiseException($"{arrived.Length} bytes arrived of a disk of {stored.Length}");
        if (stored.Length <= MaxCompared && !DiskComparison.Run(stored, arrived, null, CancellationToken.None).Identical)
            throw new BrokenPromiseException("what arrived is another disk than what is stored");
        return true;
    }

    public override void Repair(MutableInput input) => DiskRepairs.Repair(VmdkFormat.Instance.Name, input);

    /// <summary>A target that can be patched, in memory.</summary>
    private sealed class MemorySink : Sink
    {
        private const int MaxBytes = 256 << 20;
        private readonly MemoryStream _bytes = new();

        public override string Name => "memory";

        public override bool CanPatch => true;

        public byte[] ToArray()
        {
            _bytes.SetLength(Position);
            return _bytes.ToArray();
        }

        public override void Append(ReadOnlySpan<byte> data)
        {
            Grow(data.Length);
            _bytes.Position = Position - data.Length;
            _bytes.Write(data);
        }

        public override void AppendZeros(long count) => Grow(count);

        public override void Patch(long offset, ReadOnlySpan<byte> data)
        {
            _bytes.Position = offset;
            _bytes.Write(data);
        }

        private void Grow(long count)
        {
            if (Position + count > MaxBytes)
                throw new OsMigrateException(ErrorIds.TooLarge, ErrorKind.InvalidData, "more than a fuzzing input should become");
            Position += count;
        }
    }
}
