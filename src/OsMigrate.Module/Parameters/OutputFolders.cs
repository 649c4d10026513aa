using OsMigrate.Bytes;
using OsMigrate.Migrations;

namespace OsMigrate.Module.Parameters;

/// <summary>Sees to it that no two sources of one command write into the same folder, even with -Force.</summary>
internal sealed class OutputFolders
{
    private readonly Dictionary<string, string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: an earlier source has a machine of the same name.</exception>
    public void Take(FileConversionPlan plan)
    {
        foreach (var machine in plan.Machines)
        {
            if (_taken.TryGetValue(machine.Folder, out var other))
            {
                throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{plan.SourcePath}' and '{other}' both have a machine for the folder '{machine.Folder}'.", plan.SourcePath)
                {
                    Advice = "Convert them in two commands with different output directories.",
                };
            }
        }

        foreach (var machine in plan.Machines)
            _taken[machine.Folder] = plan.SourcePath;
    }
}
