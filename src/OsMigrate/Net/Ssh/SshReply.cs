namespace OsMigrate.Net.Ssh;

/// <summary>What a command on a remote host answered.</summary>
/// <param name="ExitCode">-1 when a signal ended it.</param>
/// <param name="Output">Standard output, read as UTF-8.</param>
/// <param name="Error">Standard error, read as UTF-8.</param>
public sealed record SshReply(int ExitCode, string Output, string Error);
