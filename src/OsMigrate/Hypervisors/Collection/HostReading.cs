using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Hypervisors.Kvm;
using OsMigrate.Net.Ssh;

namespace OsMigrate.Hypervisors.Collection;

/// <summary>Reads a host's facts: of this machine, over SSH, or from a folder. Changes nothing; the guest that is tried lives for less than a second.</summary>
public static class HostReading
{
    private static readonly TimeSpan ScriptLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(30);

    private static bool IsWindows => Path.DirectorySeparatorChar == '\\';

    /// <param name="tryGuest">Also make a virtual machine of a few instructions and run it.</param>
    public static HostFacts Local(bool tryGuest, CancellationToken cancel)
    {
        var facts = new HostFacts { Name = Environment.MachineName, Source = HostSource.Local };
        if (Cpuid.IsSupported)
            facts.Cpuid = CpuidFacts.From(Cpuid.Leaf);
        if (IsWindows)
        {
            facts.AddAnswer(WindowsScript.Name, LocalProgram.Run("powershell.exe", "-NoProfile -NonInteractive -Command -", WindowsScript.Text, ScriptLimit, cancel));
            WindowsFeatures.AddTo(facts);
            facts.GuestNotTried = "KVM is a part of Linux";
            return facts;
        }

        Take(LocalProgram.Run("/bin/sh", "-s", ShellScript.Text, ScriptLimit, cancel), facts);
        if (!tryGuest)
            facts.GuestNotTried = "it was not to be tried";
        else if (KvmProbe.Unfit is { } reason)
            facts.GuestNotTried = reason;
        else
            facts.Guest = KvmProbe.Run(cancel);
        return facts;
    }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.HostFacts"/>: the host has neither a POSIX shell nor PowerShell; or an error of the connection.</exception>
    public static HostFacts Remote(SshSession session, bool tryGuest, CancellationToken cancel)
    {
        var facts = new HostFacts { Name = session.Name, Source = HostSource.Ssh };
        var reply = session.Run("sh -s", ScriptLimit, cancel, Encoding.UTF8.GetBytes(ShellScript.Text));
        if (!ShellScript.IsWhole(reply.Output))
            return Windows(session, facts, reply, cancel);
        Take(reply.Output, facts);
        if (facts.Answer("python3") is null)
            facts.GuestNotTried = "the host has no python3";
        else
            Probe(session, facts, tryGuest, cancel);
        return facts;
    }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileNotFound"/>.</exception>
    public static HostFacts Folder(string root) => FolderFacts.Read(root);

    private static void Take(string output, HostFacts facts)
    {
        if (!ShellScript.IsWhole(output))
            throw new OsMigrateException(ErrorIds.HostFacts, ErrorKind.InvalidData, $"{facts.Name} did not answer to the end what it was asked about itself.", facts.Name);
        ShellScript.Read(output, facts);
    }

    private static void Probe(SshSession session, HostFacts facts, bool tryGuest, CancellationToken cancel)
    {
        var reply = session.Run(tryGuest ? "python3 -" : "python3 - cpuid", ProbeLimit, cancel, Encoding.UTF8.GetBytes(ProbeScript.Text));
        var said = ProbeScript.Read(reply.Output);
        facts.Cpuid = CpuidFacts.Parse(said);
        if (!tryGuest)
            facts.GuestNotTried = "it was not to be tried";
        else if (ProbeScript.Guest(said) is { } guest)
            facts.Guest = guest;
        else
            facts.GuestNotTried = $"python3 there failed: {reply.Error.Trim().Split('\n').Last()}";
    }

    private static HostFacts Windows(SshSession session, HostFacts facts, SshReply shell, CancellationToken cancel)
    {
        var reply = session.Run("powershell.exe -NoProfile -NonInteractive -Command -", ScriptLimit, cancel, Encoding.UTF8.GetBytes(WindowsScript.Text));
        if (!WindowsScript.IsWhole(reply.Output))
        {
            throw new OsMigrateException(ErrorIds.HostFacts, ErrorKind.NotSupported, $"{session.Name} has neither a POSIX shell nor PowerShell that answers (sh: exit code {shell.ExitCode}, powershell.exe: exit code {reply.ExitCode}).", session.Name)
            {
                Advice = "Check that the user may run commands there.",
            };
        }

        facts.AddAnswer(WindowsScript.Name, reply.Output);
        facts.GuestNotTried = "KVM is a part of Linux";
        return facts;
    }
}
