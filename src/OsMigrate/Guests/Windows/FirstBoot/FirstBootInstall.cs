using OsMigrate.Bytes;
using OsMigrate.Guests.Windows.Injection;

namespace OsMigrate.Guests.Windows.FirstBoot;

/// <summary>Puts a service of our own into a guest, which does at the first start what cannot be done before, and then removes itself.</summary>
internal sealed class FirstBootInstall(WindowsGuest guest, GuestOperatingSystem system, FirstBootOptions options, List<GuestChange> changes, List<string> warnings)
{
    /// <param name="infs">Drivers that lie in the guest and are not installed: paths below the system root.</param>
    /// <param name="diskCount">Disks of the machine.</param>
    public void Run(IReadOnlyList<string> infs, int diskCount)
    {
        options.Check();
        var plan = new FirstBootPlan();
        foreach (var inf in infs)
            plan.Add($@"install the drivers in {guest.SystemRoot}\Drivers\VirtIO", "driver", inf);
        if (options.KeepStaticAddresses)
            StaticAddressLines.Add(plan, guest, system);
        if (options.OnlineDataDisks && diskCount > 1)
            BringOnline(plan);
        if (options.GuestAgentMsi is { } msi)
            plan.Add("install the guest agent", "install", PackageName(msi));
        if (options.RemoveVMwareTools)
            VMwareTools.Add(plan, guest);
        for (var i = 0; i < options.Scripts.Count; i++)
            plan.Add("run your scripts", "script", ScriptName(i, options.Scripts[i]));
        if (plan.IsEmpty)
            return;
        if (system.Release!.Major < 6 || !FirstBootProgram.RunsOn(guest))
            warnings.Add($"Nothing is done at the first start, since this Windows has no .NET Framework 4. Do by hand once it runs: {string.Join("; ", plan.Words)}.");
        else
            Write(plan);
    }

    /// <summary>Program Files lets only the system and administrators write, and what is made in it has the same rights; the system root is like it.</summary>
    private string Folder => guest.Files.Find("Program Files") is { IsFolder: true } ? @"Program Files\OsMigrate\FirstBoot" : guest.Below(@"OsMigrate\FirstBoot");

    private void Write(FirstBootPlan plan)
    {
        var files = new GuestFiles(guest.Files, changes);
        if (guest.Current($@"Services\{FirstBootProgram.ServiceName}") is null)
            ForgetEarlier();
        files.Put($@"{Folder}\{FirstBootProgram.FileName}", new MemoryStore(FirstBootProgram.Exe));
        files.Put($@"{Folder}\{FirstBootProgram.FileName}.config", new MemoryStore(FirstBootProgram.Config));
        files.Put($@"{Folder}\plan.txt", new MemoryStore(plan.Content));
        if (options.GuestAgentMsi is { } msi)
            PutFile(files, $@"{Folder}\packages\{PackageName(msi)}", msi);
        for (var i = 0; i < options.Scripts.Count; i++)
            PutFile(files, $@"{Folder}\scripts\{ScriptName(i, options.Scripts[i])}", options.Scripts[i]);
        Register();
    }

    /// <summary>What a service of ours that has run and gone left behind would stop this one.</summary>
    private void ForgetEarlier()
    {
        foreach (var path in new[] { $@"{Folder}\state.txt", $@"{Folder}\result.txt" }.Where(p => guest.Files.Find(p) is not null))
        {
            guest.Files.Delete(path);
            changes.Add(new GuestChange(path, "deleted"));
        }
    }

    private void Register()
    {
        var root = guest.Software.Find(@"Microsoft\Windows NT\CurrentVersion")?.Value("SystemRoot")?.AsString() ?? "";
        var drive = root.Length >= 2 && root[1] == ':' && char.IsLetter(root[0]) ? root.Substring(0, 2) : "C:";
        var path = $"\"{drive}\\{Folder}\\{FirstBootProgram.FileName}\"";
        var key = guest.System.Root.Create($@"{guest.ControlSet}\Services\{FirstBootProgram.ServiceName}");
        // Written once only: a value that is set again makes the hive another one.
        if (key.Value("ImagePath")?.AsString() == path && key.Value("Start")?.AsDword() == 2)
            return;
        key.SetDword("Type", 0x10);
        key.SetDword("Start", 2);
        key.SetDword("ErrorControl", 1);
        key.SetExpandString("ImagePath", path);
        key.SetString("ObjectName", "LocalSystem");
        key.SetString("DisplayName", "OsMigrate first boot");
        key.SetString("Description", "Finishes moving this machine: drivers, addresses, tools. Removes itself; its log is in its folder.");
    }

    private void BringOnline(FirstBootPlan plan)
    {
        plan.Add("bring the data disks online", "disks");
        // OnlineAll: disks on a bus that Windows does not know yet are not left offline. Source: Microsoft, VDS_SAN_POLICY.
        if (guest.Current(@"Services\partmgr") is { } manager && manager.Find("Parameters")?.Value("SanPolicy")?.AsDword() != 1)
            manager.Create("Parameters").SetDword("SanPolicy", 1);
    }

    private static void PutFile(GuestFiles files, string path, string source)
    {
        using var content = FileStore.OpenRead(source);
        files.Put(path, content);
    }

    private static string PackageName(string msi) => Plain(Path.GetFileNameWithoutExtension(msi)) + ".msi";

    /// <summary>Numbered, so that two of one name do not collide.</summary>
    private static string ScriptName(int index, string script)
        => FormattableString.Invariant($"{index + 1:000}-{Plain(Path.GetFileNameWithoutExtension(script))}{Path.GetExtension(script).ToLowerInvariant()}");

    /// <summary>Letters, digits, '_' and '-' of ASCII; all else would mean something to a command line.</summary>
    private static string Plain(string name)
    {
        var plain = new string([.. name.Select(static c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '-' ? c : '_')]).TrimStart('-');
        return plain.Length == 0 ? "file" : plain.Substring(0, Math.Min(plain.Length, 60));
    }
}
