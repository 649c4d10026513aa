using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Collects findings up to a bound; the rest are counted.</summary>
internal sealed class Qcow2Findings(string fileName)
{
    private const int MaxListed = 1000;

    private readonly List<ImageFinding> _listed = [];
    private long _further;

    public void Corruption(string errorId, long offset, string reason) => Add(FindingSeverity.Corruption, errorId, offset, reason);

    public void Leak(long offset, string reason) => Add(FindingSeverity.Leak, ErrorIds.BadStructure, offset, reason);

    public void Warning(string errorId, long offset, string reason) => Add(FindingSeverity.Warning, errorId, offset, reason);

    public void Add(InvalidImageException fault) => Add(FindingSeverity.Corruption, fault.ErrorId, fault.Offset, fault.Reason);

    public IReadOnlyList<ImageFinding> All()
        => _further == 0 ? _listed : [.. _listed, new ImageFinding(FindingSeverity.Warning, ErrorIds.BadStructure, fileName, -1, $"{_further} further findings are not listed")];

    private void Add(FindingSeverity severity, string errorId, long offset, string reason)
    {
        // Leaks must not keep corruption off the list.
        var room = severity == FindingSeverity.Corruption ? MaxListed : MaxListed / 2;
        if (_listed.Count < room)
            _listed.Add(new ImageFinding(severity, errorId, fileName, offset, reason));
        else
            _further++;
    }
}
