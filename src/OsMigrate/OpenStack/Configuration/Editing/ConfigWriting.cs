using OsMigrate.Bytes;
using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.Editing;

/// <summary>What is to become of an option.</summary>
/// <param name="Values">Empty to take it out.</param>
/// <param name="IsAddition">True to keep the values it has.</param>
internal sealed record OptionWish(string Section, string Option, IReadOnlyList<string> Values, bool IsAddition);

/// <summary>Plans the change of an option, and refuses what the service would not take.</summary>
internal static class ConfigWriting
{
    /// <param name="force">Takes unknown options and values that do not fit.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.ConfigRefused"/>, <see cref="ErrorIds.ConfigBadStructure"/>.</exception>
    public static PlannedChange Plan(ConfigFile file, OptionLookup? lookup, OptionWish wish, bool force)
    {
        if (file.Document.Faults.Count > 0)
            throw ConfigErrors.Broken(file.Path, file.Document.Faults[0]);
        Shape(file, wish);
        if (!force && lookup is not null && wish.Values.Count > 0)
            Fit(lookup, wish);
        var edit = new ConfigEdit(file.Document);
        if (wish.Values.Count == 0)
            edit.Remove(wish.Section, wish.Option);
        else if (wish.IsAddition)
            wish.Values.ToList().ForEach(v => edit.Add(wish.Section, wish.Option, v));
        else
            edit.Set(wish.Section, wish.Option, wish.Values);
        Verify(file, edit.Result, wish);
        return PlannedChange.Of(file, edit.Result, lookup, []);
    }

    /// <summary>What would not be the same option and value when it is read again.</summary>
    private static void Shape(ConfigFile file, OptionWish wish)
    {
        if (wish.Section.Length == 0 || wish.Section.IndexOfAny(['[', ']', '\n', '\r']) >= 0 || wish.Section.Trim() != wish.Section)
            throw Refused(file.Path, $"'{wish.Section}' is no name of a section.");
        if (wish.Option.Length == 0 || wish.Option.IndexOfAny(['=', ':', '\n', '\r', '[', '#', ';', ' ', '\t']) >= 0)
            throw Refused(file.Path, $"'{wish.Option}' is no name of an option.");
        foreach (var value in wish.Values)
        {
            if (value.IndexOf('\r') >= 0 || value.Split('\n').Skip(1).Any(l => l.Trim().Length == 0 || l.Trim() != l))
                throw Refused(file.Path, $"A value of {wish.Option} has a carriage return, or a line that is empty or begins or ends with space; a configuration file cannot hold it.");
            if (!file.Document.CanHold(value))
                throw Refused(file.Path, "The file is not UTF-8, so it can only be given plain ASCII.");
        }
    }

    private static void Fit(OptionLookup lookup, OptionWish wish)
    {
        var group = GroupNames.Normal(wish.Section);
        var option = lookup.Find(group, wish.Option);
        if (option is null && lookup.Judges(group))
        {
            var near = lookup.FindByOldName(group, wish.Option)?.Name ?? NearestNames.Of(wish.Option, lookup.Candidates(group).Select(o => o.Name).Distinct());
            throw Refused(wish.Option, $"[{wish.Section}] has no option {wish.Option} in {lookup.Table.Release}" + (near is null ? "." : $"; did you mean {near}?"));
        }

        if (option is { IsMulti: false } && (wish.Values.Count > 1 || wish.IsAddition))
            throw Refused(wish.Option, $"{wish.Option} takes one value" + (option.Type.IsList ? "; write its items with commas between them." : "."));
        // A value with a reference is only known when everything is filled in.
        if (option is not null && wish.Values.FirstOrDefault(v => v.IndexOf('$') < 0 && option.Type.Fault(v) is not null) is { } wrong)
            throw Refused(wish.Option, $"The value for {wish.Option} {option.Type.Fault(wrong)}.");
    }

    private static void Verify(ConfigFile file, ConfigDocument after, OptionWish wish)
    {
        bool Others(ConfigItem i) => i.Group != GroupNames.Normal(wish.Section) || i.Name != wish.Option;
        var isKept = file.Document.Items.Where(Others).Select(i => (i.Section, i.Name, i.Value)).SequenceEqual(after.Items.Where(Others).Select(i => (i.Section, i.Name, i.Value)));
        var read = after.Items.Where(i => !Others(i)).Select(i => i.Value).ToList();
        var isThere = wish.Values.Count == 0 ? read.Count == 0 : wish.Values.Count == 1 || wish.IsAddition ? read.Count > 0 && read[read.Count - 1] == wish.Values[wish.Values.Count - 1] : read.SequenceEqual(wish.Values);
        if (!isKept || !isThere || after.Faults.Count > 0)
            throw Refused(file.Path, $"{wish.Option} with this value would not be read back as it is written.");
    }

    private static OsMigrateException Refused(string target, string message)
        => new(ErrorIds.ConfigRefused, ErrorKind.InvalidArgument, message, target) { Advice = "-Force takes options and values that the release's table does not." };
}
