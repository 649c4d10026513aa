using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Guests;

namespace OsMigrate.Module.Parameters;

/// <summary>Turns parameters into what is done at a guest's first start.</summary>
internal static class FirstBootWish
{
    /// <summary>Names of the parameters.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(IFirstBootParameters).GetProperties().Select(static p => p.Name)];

    /// <returns>Null for nothing at all.</returns>
    /// <exception cref="OsMigrateException">Parameters exclude each other, or a file does not exist or is of another kind.</exception>
    public static FirstBootOptions? Read(SessionState session, IFirstBootParameters wish)
    {
        if (wish.SkipFirstBoot)
        {
            if (wish.GuestAgentMsi is not null || wish.FirstBootScript is not null)
                throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-SkipFirstBoot excludes -GuestAgentMsi and -FirstBootScript: both are for the first start.");
            return null;
        }

        var options = new FirstBootOptions
        {
            GuestAgentMsi = wish.GuestAgentMsi is null ? null : FilePaths.Existing(session, wish.GuestAgentMsi),
            Scripts = [.. (wish.FirstBootScript ?? []).Select(s => FilePaths.Existing(session, s))],
            RemoveVMwareTools = !wish.KeepVMwareTools,
            KeepStaticAddresses = !wish.SkipStaticAddress,
            OnlineDataDisks = !wish.SkipDataDisk,
        };
        options.Check();
        return options;
    }
}
