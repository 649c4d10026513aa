namespace OsMigrate.Guests.Windows.FirstBoot;

/// <summary>The service program, as it is carried in this assembly.</summary>
internal static class FirstBootProgram
{
    public const string FileName = "OsMigrateFirstBoot.exe";
    public const string ServiceName = "OsMigrateFirstBoot";

    public static byte[] Exe => Read(FileName);

    public static byte[] Config => Read(FileName + ".config");

    /// <summary>True when the guest has a .NET Framework that runs it: any 4.x. Looked up by file, since that is what counts.</summary>
    public static bool RunsOn(WindowsGuest guest)
        => new[] { "Framework", "Framework64", "FrameworkArm64" }.Any(f => guest.Files.Find(guest.Below($@"Microsoft.NET\{f}\v4.0.30319\mscorlib.dll")) is not null);

    private static byte[] Read(string name)
    {
        using var resource = typeof(FirstBootProgram).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        resource.CopyTo(memory);
        return memory.ToArray();
    }
}
