using System.Buffers;

namespace OsMigrate.Bytes;

/// <summary>Writes to any stream in order, for uploads and tests. Does not own the stream.</summary>
public sealed class StreamSink(Stream stream, string name = "stream") : Sink
{
    public override string Name => name;

    public override void Append(ReadOnlySpan<byte> data)
    {
        stream.Write(data);
        Position += data.Length;
    }

    public override void AppendZeros(long count)
    {
        var zeros = ArrayPool<byte>.Shared.Rent((int)Math.Min(count, 1 << 16));
        Array.Clear(zeros, 0, zeros.Length);
        while (count > 0)
        {
            var n = (int)Math.Min(count, zeros.Length);
            Append(zeros.AsSpan(0, n));
            count -= n;
        }

        ArrayPool<byte>.Shared.Return(zeros);
    }
}
