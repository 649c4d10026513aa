using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using OsMigrate.Shell.Hosting;

namespace OsMigrate.Shell.Cmdlets.Text;

// The engine brings the formatter and the parameters of these commands, and lacks only the commands themselves.

[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.FormatAs(this, "Table");
}

[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.FormatAs(this, "List");
}

[Cmdlet(VerbsCommon.Format, "Wide")]
public sealed class FormatWideCommand : OuterFormatTableAndListBase
{
    public FormatWideCommand() => EngineInternals.FormatAs(this, "Wide");
}
