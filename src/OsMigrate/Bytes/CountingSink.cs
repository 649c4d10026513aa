namespace OsMigrate.Bytes;

/// <summary>Keeps nothing but the position: for planning a layout.</summary>
internal sealed class CountingSink : Sink
{
    public CountingSink(long start) => Position = start;

    public override string Name => "plan";

    public override void Append(ReadOnlySpan<byte> data) => Position += data.Length;

    public override void AppendZeros(long count) => Position += count;
}
