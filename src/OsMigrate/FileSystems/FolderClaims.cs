using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>Remembers through which entry each folder was reached, so that a damaged volume whose folders contain one another cannot be walked for ever.</summary>
/// <remarks>In the file systems that use it a folder has exactly one entry that leads to it.</remarks>
internal sealed class FolderClaims(string volumeName)
{
    private readonly Dictionary<long, long> _claims = [];
    private readonly object _gate = new();

    /// <summary>Notes that the folder at <paramref name="place"/> was reached through the entry at <paramref name="entry"/>.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.Overlap"/>: another entry leads to the same folder.</exception>
    public void Claim(long place, long entry)
    {
        lock (_gate)
        {
            if (!_claims.TryGetValue(place, out var first))
                _claims[place] = entry;
            else if (first != entry)
                throw new InvalidImageException(ErrorIds.Overlap, volumeName, entry, $"this entry leads to the folder at {place}, as another one does; a folder has one entry only");
        }
    }
}
