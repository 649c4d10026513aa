using System.Management.Automation;
using System.Text;

namespace OsMigrate.Shell.Cmdlets.Items;

/// <summary>Opens text files for the commands that write them; what goes wrong ends the command with an error that names the file.</summary>
internal static class TextFiles
{
    public static StreamWriter Open(PSCmdlet command, string path, bool append, bool noClobber, Encoding encoding)
    {
        try
        {
            var mode = append ? FileMode.Append : noClobber ? FileMode.CreateNew : FileMode.Create;
            return new StreamWriter(new FileStream(path, mode, FileAccess.Write, FileShare.Read), encoding);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            command.ThrowTerminatingError(new ErrorRecord(error, "FileOpenFailure", ErrorCategory.OpenError, path));
            throw;
        }
    }
}
