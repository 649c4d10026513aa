using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The content of a compressed attribute. Read only; holds the last unit it expanded.</summary>
/// <remarks>
/// Source: flatcap NTFS documentation, "Data Runs", compressed files. A unit with all its clusters is stored as it is, one with none is zeros,
/// anything between is compressed.
/// </remarks>
internal sealed class CompressedStore : ByteStore
{
    private readonly NtfsLayout _layout;
    private readonly NtfsAttribute _attribute;
    private readonly int _unitSize;
    private readonly object _gate = new();
    private byte[] _unit = [];
    private long _unitNumber = -1;

    public CompressedStore(NtfsLayout layout, NtfsAttribute attribute, string name)
    {
        (_layout, _attribute, Name) = (layout, attribute, name);
        var unit = (long)layout.Boot.ClusterSize << attribute.CompressionUnit;
        if (attribute.CompressionUnit == 0 || unit > 1 << 20)
            throw new InvalidImageException(ErrorIds.BadStructure, layout.Name, -1, $"'{name}' is compressed in units of {unit} bytes");
        _unitSize = (int)unit;
    }

    public override long Length => _attribute.DataBytes;

    public override string Name { get; }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % _unitSize);
            var n = Math.Min(buffer.Length, _unitSize - within);
            lock (_gate)
            {
                Load(offset / _unitSize);
                _unit.AsSpan(within, n).CopyTo(buffer);
            }

            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    private void Load(long number)
    {
        if (number == _unitNumber)
            return;
        if (_unit.Length == 0)
            _unit = new byte[_unitSize];
        _unitNumber = -1;
        var cluster = _layout.Boot.ClusterSize;
        var clusters = _unitSize / cluster;
        var stored = new byte[_unitSize];
        var count = 0;
        for (var i = 0; i < clusters; i++)
        {
            var vcn = (number * clusters) + i;
            var run = vcn < _attribute.Runs.End ? _attribute.Runs.At(vcn) : new Run(vcn, Run.Hole, 1);
            if (run.IsHole)
                break;
            _layout.Store.Read((run.Lcn + vcn - run.Vcn) * cluster, stored.AsSpan(i * cluster, cluster));
            count++;
        }

        if (count == clusters || count == 0)
            stored.CopyTo(_unit, 0);
        else
            Lznt1.Expand(stored.AsSpan(0, count * cluster), _unit, Name, number * _unitSize);
        var valid = _attribute.InitializedBytes - (number * _unitSize);
        if (valid < _unitSize)
            _unit.AsSpan((int)Math.Max(0, valid)).Clear();
        _unitNumber = number;
    }
}
