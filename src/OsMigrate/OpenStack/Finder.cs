using OsMigrate.Bytes;

namespace OsMigrate.OpenStack;

/// <summary>Finds the one thing that a name or an id means.</summary>
internal static class Finder
{
    /// <param name="what">"image", "network": for errors.</param>
    /// <param name="byId">Gets by id; null when there is none.</param>
    /// <param name="byName">All of exactly this name.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudNotFound"/>, <see cref="ErrorIds.CloudAmbiguous"/>.</exception>
    public static T One<T>(string what, string nameOrId, Func<string, T?> byId, Func<IEnumerable<T>> byName, Func<T, string> id, string cloud)
        where T : class
    {
        if (LooksLikeId(nameOrId) && byId(nameOrId) is { } found)
            return found;
        var named = byName().Take(20).ToList();
        return named.Count switch
        {
            1 => named[0],
            0 => throw new OsMigrateException(ErrorIds.CloudNotFound, ErrorKind.NotFound, $"The cloud '{cloud}' has no {what} '{nameOrId}' that this project may use.", nameOrId),
            _ => throw new OsMigrateException(ErrorIds.CloudAmbiguous, ErrorKind.InvalidArgument, $"The cloud '{cloud}' has several of the name '{nameOrId}' for {what}: {string.Join(", ", named.Select(id))}.", nameOrId)
            {
                Advice = "Use the id.",
            },
        };
    }

    /// <summary>UUIDs with or without dashes; and short numbers, which Nova once gave to flavors.</summary>
    internal static bool LooksLikeId(string text) => Guid.TryParse(text, out _) || (text.Length <= 10 && text.All(char.IsDigit));
}
