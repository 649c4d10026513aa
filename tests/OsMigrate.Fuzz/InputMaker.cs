namespace OsMigrate.Fuzz;

/// <summary>Makes input number N of a run: the same target, seed and number give the same bytes on every machine that has the same seeds.</summary>
internal sealed class InputMaker
{
    private readonly FuzzTarget _target;
    private readonly int _seed;
    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly MutableInput?[] _inputs;

    public InputMaker(FuzzTarget target, int seed, SeedFolder folder)
    {
        (_target, _seed) = (target, seed);
        _seeds = target.Seeds(folder);
        if (_seeds.Count == 0)
            throw new InvalidOperationException("no seeds for " + target.Name);
        _inputs = new MutableInput?[_seeds.Count];
    }

    public int SeedCount => _seeds.Count;

    /// <summary>Valid until the next call. The first inputs are the seeds themselves.</summary>
    public (byte[] Bytes, int Length, Random Random) Make(long index)
    {
        var random = new Random(Mix(index));
        if (index < _seeds.Count)
            return (_seeds[(int)index], _seeds[(int)index].Length, random);
        var which = random.Next(_seeds.Count);
        if (_target.IsText)
        {
            var text = TextMutator.Damage(_seeds[which], random, _seeds);
            return (text, text.Length, random);
        }

        var input = _inputs[which] ??= new MutableInput(_seeds[which]);
        input.Reset();
        Mutator.Damage(input, random, _seeds);
        if (random.Next(4) != 0)
            _target.Repair(input);
        return (input.Bytes, input.Length, random);
    }

    private int Mix(long index)
    {
        var hash = 14695981039346656037UL ^ (ulong)_seed;
        foreach (var c in _target.Name)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)index) * 1099511628211UL;
        return (int)(hash ^ (hash >> 32));
    }
}
