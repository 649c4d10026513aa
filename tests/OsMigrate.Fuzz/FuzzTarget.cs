namespace OsMigrate.Fuzz;

/// <summary>One parser under attack.</summary>
internal abstract class FuzzTarget
{
    /// <summary>As on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Well-formed inputs to start from, in a fixed order. Small ones: every byte of theirs should matter.</summary>
    public abstract IReadOnlyList<byte[]> Seeds(SeedFolder folder);

    /// <summary>Parses the input as far as it goes.</summary>
    /// <returns>True when it was taken as well-formed.</returns>
    /// <exception cref="Bytes.OsMigrateException">It was refused: a good answer. Any other exception is a bug.</exception>
    public abstract bool Parse(byte[] bytes, int length, Random random);

    /// <summary>True when inputs are text, to be damaged in words and lines as well as in bits.</summary>
    public virtual bool IsText => false;

    /// <summary>Repairs checksums over damaged fields, so that the code behind the checksum is reached.</summary>
    public virtual void Repair(MutableInput input)
    {
    }
}

/// <summary>What a parser gave back breaks its own contract.</summary>
internal sealed class BrokenPromiseException(string what) : Exception(what);
