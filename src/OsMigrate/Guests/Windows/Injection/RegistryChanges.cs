using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Lists what is different between two states of a hive.</summary>
internal static class RegistryChanges
{
    public static IEnumerable<GuestChange> Between(Hive before, Hive after, string name)
    {
        var open = new Stack<(HiveKey? Old, HiveKey? New, string Path)>();
        open.Push((before.Root, after.Root, name));
        while (open.Count > 0)
        {
            var (old, now, path) = open.Pop();
            if (old is null)
                yield return new GuestChange(path, "made");
            if (now is null)
            {
                // What lay below went with it.
                yield return new GuestChange(path, "removed");
                continue;
            }

            foreach (var change in Values(old, now, path))
                yield return change;
            var known = (old?.SubKeys ?? []).ToDictionary(static k => k.Name, StringComparer.OrdinalIgnoreCase);
            foreach (var key in now.SubKeys.Reverse())
            {
                known.TryGetValue(key.Name, out var was);
                known.Remove(key.Name);
                open.Push((was, key, $@"{path}\{key.Name}"));
            }

            foreach (var gone in known.Values)
                open.Push((gone, null, $@"{path}\{gone.Name}"));
        }
    }

    private static IEnumerable<GuestChange> Values(HiveKey? old, HiveKey now, string path)
    {
        var known = (old?.Values ?? []).GroupBy(static v => v.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(static g => g.Key, static g => g.First(), StringComparer.OrdinalIgnoreCase);
        foreach (var value in now.Values)
        {
            known.TryGetValue(value.Name, out var was);
            known.Remove(value.Name);
            if (was is null || was.Type != value.Type || !was.Bytes.SequenceEqual(value.Bytes))
                yield return new GuestChange(path, $"{(value.Name.Length == 0 ? "(default)" : value.Name)} = {value}{(was is null ? "" : $", was {was}")}");
        }

        foreach (var gone in known.Values)
            yield return new GuestChange(path, $"{(gone.Name.Length == 0 ? "(default)" : gone.Name)} removed, was {gone}");
    }
}
