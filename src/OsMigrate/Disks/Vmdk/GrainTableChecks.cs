using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Compares the tables of a streamOptimized disk with where its grains were: what reads the file by its tables must find what was taken from the stream.</summary>
internal sealed class GrainTableChecks
{
    private readonly VmdkSparseHeader _header;
    private readonly string _name;
    private readonly uint[] _places;
    private readonly uint[] _tables;
    private readonly HashSet<uint> _emptyTables = [];
    private long _current = -1;

    public GrainTableChecks(VmdkSparseHeader header, string name)
    {
        (_header, _name) = (header, name);
        if (header.TableCount > GrainTables.MaxDirectoryBytes / sizeof(uint))
            throw new InvalidImageException(ErrorIds.TooLarge, name, 12, $"the grain directory would have {header.TableCount} entries, too many to be true");
        (_places, _tables) = (new uint[header.TableEntries], new uint[header.TableCount]);
    }

    /// <summary>Notes a grain.</summary>
    /// <param name="place">Byte offset of its marker in the file.</param>
    public void Add(long grain, long place)
    {
        var table = grain / _header.TableEntries;
        if (_current >= 0 && _current != table)
            throw Fault(place, $"grain {grain} comes before the table of the grains in front of it");
        _current = table;
        _places[grain % _header.TableEntries] = Sector(place);
    }

    /// <param name="place">Byte offset of the table's first number in the file.</param>
    public void CompareTable(ReadOnlySpan<byte> numbers, long place)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            var found = BinaryPrimitives.ReadUInt32LittleEndian(numbers.Slice(i * sizeof(uint)));
            if (found != _places[i] && !(found == 1 && _places[i] == 0 && _header.HasZeroGrains))
                throw Fault(place + (i * sizeof(uint)), $"the table says that its grain {i} is at sector {found}, it was at {_places[i]} (0: not there)");
        }

        if (_current < 0)
            _emptyTables.Add(Sector(place));
        else
            _tables[_current] = _tables[_current] == 0 ? Sector(place) : throw Fault(place, $"a second table for the same grains ({_current})");
        Array.Clear(_places, 0, _places.Length);
        _current = -1;
    }

    /// <param name="place">Byte offset of the directory's first number in the file.</param>
    public void CompareDirectory(ReadOnlySpan<byte> numbers, long place)
    {
        if (_current >= 0)
            throw Fault(place, "the directory comes before the table of the last grains");
        for (var i = 0; i < _tables.Length; i++)
        {
            var found = BinaryPrimitives.ReadUInt32LittleEndian(numbers.Slice(i * sizeof(uint)));
            if (found != _tables[i] && !(_tables[i] == 0 && _emptyTables.Contains(found)))
                throw Fault(place + (i * (long)sizeof(uint)), $"the directory says that table {i} is at sector {found}, it was at {_tables[i]} (0: not there)");
        }
    }

    private uint Sector(long place)
        => place / VmdkFormat.SectorSize is <= uint.MaxValue and var sector ? (uint)sector : throw Fault(place, "it goes on behind 2 TiB, where its tables cannot point to");

    private InvalidImageException Fault(long at, string reason) => new(ErrorIds.BadStructure, _name, at, reason);
}
