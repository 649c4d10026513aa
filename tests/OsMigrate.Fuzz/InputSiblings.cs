using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Fuzz;

/// <summary>A folder where every name leads somewhere bad: to nothing, to zeros, to the input itself under another name.</summary>
internal sealed class InputSiblings : Siblings
{
    private readonly byte[] _bytes;
    private readonly int _length;
    private readonly int _kind;
    private readonly string[] _visited;

    public InputSiblings(byte[] bytes, int length, int kind)
        : this(bytes, length, kind, [], 0)
    {
    }

    private InputSiblings(byte[] bytes, int length, int kind, string[] visited, int depth)
    {
        (_bytes, _length, _kind, _visited) = (bytes, length, kind, visited);
        Depth = depth;
    }

    public override ByteStore Open(string name, string referrer)
    {
        RequirePlainName(name, referrer);
        return _kind switch
        {
            0 => throw new InvalidImageException(ErrorIds.MissingSibling, referrer, -1, $"it needs the file '{name}', which is not in its folder"),
            1 => new InputStore(new byte[70_000], 70_000, name),
            _ => new InputStore(_bytes, _length, name),
        };
    }

    public override Siblings ForParent(string name, string referrer)
    {
        CheckChain(name, referrer, _visited, Depth);
        return new InputSiblings(_bytes, _length, _kind, [.. _visited, name], Depth + 1);
    }
}
