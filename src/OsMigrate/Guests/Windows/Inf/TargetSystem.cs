namespace OsMigrate.Guests.Windows.Inf;

/// <summary>The Windows for which sections of an INF are chosen.</summary>
/// <param name="Architecture">"x86", "amd64", "arm64", "arm" or "ia64".</param>
/// <param name="IsServer">False for client editions.</param>
public sealed record TargetSystem(string Architecture, int Major, int Minor, int Build, bool IsServer);

/// <summary>What stands after the point of a decorated section name: <c>NTamd64.10.0...17763</c>.</summary>
/// <remarks>Microsoft, "INF Manufacturer Section": nt[architecture][.[major][.[minor][.[product type][.[suite mask][.[build]]]]]].</remarks>
public sealed record TargetDecoration
{
    /// <summary>In small letters; null for any.</summary>
    public string? Architecture { get; private init; }

    public int? Major { get; private init; }

    public int? Minor { get; private init; }

    /// <summary>1 client, 2 domain controller, 3 server.</summary>
    public int? ProductType { get; private init; }

    public int? SuiteMask { get; private init; }

    /// <summary>The lowest build.</summary>
    public int? Build { get; private init; }

    /// <summary>As it stands in the file.</summary>
    public required string Text { get; init; }

    /// <summary>Null where the text is no decoration.</summary>
    public static TargetDecoration? Parse(string text)
    {
        var parts = text.Trim().Split('.');
        if (parts.Length > 6 || !parts[0].StartsWith("nt", StringComparison.OrdinalIgnoreCase))
            return null;
        var architecture = parts[0].Substring(2).ToLowerInvariant();
        // The templates of the virtio drivers have $ARCH$ here, which stands for any.
        if (architecture is not ("" or "x86" or "amd64" or "arm64" or "arm" or "ia64" or "$arch$"))
            return null;
        var numbers = new int?[6];
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].Trim().Length == 0)
                continue;
            if (InfNumbers.Read(parts[i]) is not <= int.MaxValue)
                return null;
            numbers[i] = (int)InfNumbers.Read(parts[i])!.Value;
        }

        return new TargetDecoration
        {
            Text = text.Trim(),
            Architecture = architecture is "" or "$arch$" ? null : architecture,
            Major = numbers[1],
            Minor = numbers[2],
            ProductType = numbers[3],
            SuiteMask = numbers[4],
            Build = numbers[5],
        };
    }

    /// <summary>True when a section so decorated may be used on that system.</summary>
    public bool Fits(TargetSystem target)
    {
        if (Architecture is not null && Architecture != target.Architecture)
            return false;
        if (ProductType is { } type && target.IsServer != type is 2 or 3)
            return false;
        var atLeast = (Major ?? 0, Minor ?? 0, Build ?? 0);
        return atLeast.CompareTo((target.Major, target.Minor, target.Build)) <= 0;
    }

    /// <summary>The higher, the closer to one system: of several sections that fit, that of the highest is used.</summary>
    internal (int Major, int Minor, int Build, int Others) Closeness
        => (Major ?? 0, Minor ?? 0, Build ?? 0, (Architecture is null ? 0 : 4) + (ProductType is null ? 0 : 2) + (SuiteMask is null ? 0 : 1));
}
