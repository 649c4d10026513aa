namespace OsMigrate.Migrations.Features;

/// <summary>Where a machine stands: first by the most urgent that needs it, then by how much must come before.</summary>
internal readonly record struct OrderPlace(int Rank, int Depth, bool IsInCircle);

/// <summary>What must come before what. Groups meet in a node of their own, so that large ones cost no square.</summary>
internal sealed class OrderGraph
{
    private readonly Dictionary<string, List<string>> _after = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _before = new(StringComparer.Ordinal);
    private int _joints;

    /// <summary>All of one group come before all of another.</summary>
    public void Add(IEnumerable<string> first, IEnumerable<string> then)
    {
        var joint = FormattableString.Invariant($"\0{_joints++}");
        foreach (var node in first.Distinct(StringComparer.Ordinal))
            Edge(node, joint);
        foreach (var node in then.Distinct(StringComparer.Ordinal))
            Edge(joint, node);
    }

    /// <summary>What must come right before one.</summary>
    public IEnumerable<string> Before(string node) => Of(_before, node).SelectMany(joint => Of(_before, joint)).Where(n => n != node).Distinct(StringComparer.Ordinal);

    /// <param name="ranks">Urgency of each, smaller ones first.</param>
    public IReadOnlyDictionary<string, OrderPlace> Sort(IReadOnlyDictionary<string, int> ranks)
    {
        var nodes = ranks.Keys.Concat(_after.Keys).Concat(_before.Keys).Distinct(StringComparer.Ordinal).ToList();
        var order = Order(nodes);
        var depth = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in order)
            depth[node] = Of(_before, node).Select(b => depth[b] + 1).DefaultIfEmpty(0).Max();
        var rank = nodes.ToDictionary(static n => n, n => ranks.TryGetValue(n, out var own) ? own : int.MaxValue, StringComparer.Ordinal);
        // From the last to the first: what is needed by something urgent is urgent.
        foreach (var node in Enumerable.Reverse(order))
            rank[node] = Math.Min(rank[node], Of(_after, node).Select(a => rank[a]).DefaultIfEmpty(int.MaxValue).Min());
        var last = depth.Values.DefaultIfEmpty(0).Max() + 2;
        return ranks.Keys.ToDictionary(static n => n, n => depth.TryGetValue(n, out var d) ? new OrderPlace(rank[n], d, false) : new OrderPlace(rank[n], last, true), StringComparer.Ordinal);
    }

    /// <summary>An order in which nothing comes before what it needs; circles, and what hangs on them, are left out.</summary>
    private List<string> Order(IReadOnlyList<string> nodes)
    {
        var missing = nodes.ToDictionary(static n => n, n => Of(_before, n).Count, StringComparer.Ordinal);
        var ready = new Queue<string>(nodes.Where(n => missing[n] == 0));
        var order = new List<string>(nodes.Count);
        while (ready.Count > 0)
        {
            var node = ready.Dequeue();
            order.Add(node);
            foreach (var next in Of(_after, node).Where(n => --missing[n] == 0))
                ready.Enqueue(next);
        }

        return order;
    }

    private void Edge(string first, string then)
    {
        Of(_after, first, add: true).Add(then);
        Of(_before, then, add: true).Add(first);
    }

    private static List<string> Of(Dictionary<string, List<string>> edges, string node, bool add = false)
    {
        if (edges.TryGetValue(node, out var list))
            return list;
        list = [];
        if (add)
            edges[node] = list;
        return list;
    }
}
