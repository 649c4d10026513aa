namespace OsMigrate.Tests.Support;

/// <summary>Real files from outside the repository: unpacked from ../shared/data when it lies beside the checkout, else the tests that need them are skipped.</summary>
/// <remarks>OSMIGRATE_TEST_DATA names an already unpacked folder.</remarks>
public static class SharedData
{
    private static readonly Lazy<string?> Unpacked = new(Unpack);

    /// <summary>Path of one file; skips the test when the data set is not at hand.</summary>
    public static string File(string relative)
    {
        Skip.If(Unpacked.Value is null, "the shared test data is not beside this checkout");
        return Path.Combine(Unpacked.Value!, relative);
    }

    /// <summary>All files of a set whose name ends with one of the given extensions; empty when the data set is not at hand.</summary>
    public static IEnumerable<string> Files(string set, params string[] extensions)
    {
        if (Unpacked.Value is null || !Directory.Exists(Path.Combine(Unpacked.Value, set)))
            return [];
        return Directory.EnumerateFiles(Path.Combine(Unpacked.Value, set), "*", SearchOption.AllDirectories)
            .Where(f => extensions.Length == 0 || extensions.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The files of a set as rows of a theory, relative to the data set; one row that skips with the reason when it is not at hand.</summary>
    public static TheoryData<string> Rows(string set, params string[] extensions)
    {
        var rows = new TheoryData<string>();
        foreach (var file in Files(set, extensions))
            rows.Add(Path.GetRelativePath(Unpacked.Value!, file));
        if (rows.Count == 0)
            rows.Add($"{set}/*");
        return rows;
    }

    private static string? Unpack()
    {
        var given = Environment.GetEnvironmentVariable("OSMIGRATE_TEST_DATA");
        if (!string.IsNullOrEmpty(given))
            return Directory.Exists(given) ? given : null;
        var packed = FindPacked();
        if (packed is null || Tool.Find("tar") is null || Tool.Find("xz") is null)
            return null;
        var target = Path.Combine(Path.GetTempPath(), "osmigrate-shared-data");
        var marker = Path.Combine(target, ".complete");
        if (System.IO.File.Exists(marker))
            return target;
        Directory.CreateDirectory(target);
        foreach (var set in Directory.EnumerateFiles(packed, "*.tar.xz"))
            Tool.Check("tar", "-C", target, "-xSJf", set);
        System.IO.File.WriteAllText(marker, "");
        return target;
    }

    private static string? FindPacked()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate) && Directory.EnumerateFiles(candidate, "*.tar.xz").Any())
                return candidate;
        }

        return null;
    }
}
