using System.Text;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Values;

/// <summary>What is wrong with a reference in a value.</summary>
/// <param name="Kind">Unknown, Loop or TooLong.</param>
/// <param name="Name">The name after the dollar sign; after a dollar sign in a password it is a piece of the password.</param>
internal sealed record InterpolationFault(string Kind, string Name);

/// <summary>Fills in "$name", "${name}" and "${group.name}"; "$$" and "\$" stand for a dollar sign.</summary>
/// <remarks>
/// Source: oslo_config/cfg.py, ConfigOpts._substitute, Template (pattern [_a-z][\._a-z0-9]*, any case) and StrSubWrapper: a name without group is looked
/// for in the section of the value, then in DEFAULT. Depth and length are bounded here: a few lines can ask for terabytes.
/// </remarks>
internal sealed class Interpolation(EffectiveConfig config)
{
    private const int MaxDepth = 16;
    private const int MaxLength = 64 << 10;
    private const int MaxReferences = 1_000;

    private int _left;

    /// <summary>The text, and the first fault met; a reference with a fault stays as it is written.</summary>
    public (string Text, InterpolationFault? Fault) Fill(string value, string group)
    {
        _left = MaxReferences;
        return Fill(value, group, []);
    }

    private (string Text, InterpolationFault? Fault) Fill(string value, string group, IReadOnlyList<OptionName> under)
    {
        if (value.IndexOf('$') < 0)
            return (value, null);
        var text = new StringBuilder();
        InterpolationFault? fault = null;
        for (var i = 0; i < value.Length;)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] == '$')
            {
                text.Append('$');
                i += 2;
            }
            else if (value[i] == '$')
            {
                (var length, var part, var wrong) = Reference(value, i, group, under);
                text.Append(part);
                fault ??= wrong;
                i += length;
            }
            else
            {
                text.Append(value[i++]);
            }

            // What is too long or runs in a circle is not followed any further: each step could make ten more.
            if (fault is { Kind: not "Unknown" })
                return (value, fault);
            if (text.Length > MaxLength)
                return (text.ToString(), fault ?? new InterpolationFault("TooLong", ""));
        }

        return (text.ToString(), fault);
    }

    private (int Length, string Text, InterpolationFault? Fault) Reference(string value, int at, string group, IReadOnlyList<OptionName> under)
    {
        if (at + 1 < value.Length && value[at + 1] == '$')
            return (2, "$", null);
        var braced = at + 1 < value.Length && value[at + 1] == '{';
        var start = at + (braced ? 2 : 1);
        var end = start;
        while (end < value.Length && IsNamePart(value[end], end == start))
            end++;
        if (end == start || (braced && (end == value.Length || value[end] != '}')))
            return (1, "$", null);
        var name = value.Substring(start, end - start);
        var length = end - at + (braced ? 1 : 0);
        var (text, fault) = Resolve(name, group, under);
        return (length, fault is null ? text : value.Substring(at, length), fault);
    }

    private (string Text, InterpolationFault? Fault) Resolve(string name, string group, IReadOnlyList<OptionName> under)
    {
        if (Target(name, group) is not { } target)
            return ("", new InterpolationFault("Unknown", name));
        if (--_left < 0)
            return ("", new InterpolationFault("TooLong", name));
        if (under.Contains(target.Name) || under.Count >= MaxDepth)
            return ("", new InterpolationFault("Loop", name));
        return Fill(target.Value, target.Name.Group, [.. under, target.Name]);
    }

    /// <summary>The option that a name leads to, with its own value or default, not yet filled in.</summary>
    private (OptionName Name, string Value)? Target(string name, string group)
    {
        var dot = name.IndexOf('.');
        IEnumerable<OptionName> places = dot > 0
            ? [new OptionName(GroupNames.Normal(name.Substring(0, dot)), name.Substring(dot + 1))]
            : [new OptionName(group, name), new OptionName(GroupNames.Default, name)];
        foreach (var place in places)
        {
            if (config.Hit(place.Group, place.Name) is { } hit)
                return (place, hit.Item.Value);
            if (config.Lookup.Find(place.Group, place.Name) is { } option)
                return (place, option.Default);
        }

        return null;
    }

    private static bool IsNamePart(char c, bool first)
        => c is '_' or >= 'a' and <= 'z' or >= 'A' and <= 'Z' || (!first && c is '.' or >= '0' and <= '9' && !first);
}
