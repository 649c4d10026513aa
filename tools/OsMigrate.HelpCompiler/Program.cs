using OsMigrate.HelpCompiler;

if (args.Length != 4)
{
    Console.Error.WriteLine("usage: OsMigrate.HelpCompiler HELP-FOLDER CMDLETS.dll System.Management.Automation.dll OUTPUT.xml");
    return 2;
}

try
{
    using var cmdlets = new CmdletAssembly(args[1], args[2]);
    var pages = cmdlets.Commands.Select(c => (c, HelpPage.Read(Path.Combine(args[0], c.Name + ".md")))).ToList();
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[3]))!);
    MamlWriter.Write(args[3], pages);
    return 0;
}
catch (Exception e) when (e is FormatException or IOException)
{
    Console.Error.WriteLine($"OsMigrate.HelpCompiler : error HELP001: {e.Message}");
    return 1;
}
