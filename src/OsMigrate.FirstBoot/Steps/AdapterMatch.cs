using System.Collections.Generic;
using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Finds the adapter that each set of addresses belongs to.</summary>
public static class AdapterMatch
{
    /// <summary>By MAC address; what is left over on both sides goes together in order when there are as many of one as of the other, so a single adapter always fits.</summary>
    /// <param name="byMacOnly">Wait rather than take an adapter with another MAC address; lines without one can only go by order.</param>
    /// <returns>Null when they do not all find one.</returns>
    public static List<KeyValuePair<AddressLine, Adapter>>? Pair(List<AddressLine> lines, List<Adapter> adapters, bool byMacOnly)
    {
        var pairs = new List<KeyValuePair<AddressLine, Adapter>>();
        var free = new List<Adapter>(adapters);
        free.Sort(delegate(Adapter one, Adapter other) { return one.Index.CompareTo(other.Index); });
        var open = new List<AddressLine>();
        foreach (var line in lines)
        {
            var adapter = free.Find(delegate(Adapter a) { return line.Mac.Length > 0 && a.Mac == line.Mac; });
            if (adapter is null)
            {
                open.Add(line);
                continue;
            }

            free.Remove(adapter);
            pairs.Add(new KeyValuePair<AddressLine, Adapter>(line, adapter));
        }

        if (open.Count == 0)
            return pairs;
        if (open.Count != free.Count || (byMacOnly && open.Exists(delegate(AddressLine l) { return l.Mac.Length > 0; })))
            return null;
        for (var i = 0; i < open.Count; i++)
            pairs.Add(new KeyValuePair<AddressLine, Adapter>(open[i], free[i]));
        return pairs;
    }
}
