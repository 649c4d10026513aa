namespace OsMigrate.Net.Ssh;

/// <summary>One entry of a remote folder.</summary>
/// <param name="Name">Last part of the path.</param>
/// <param name="Path">Full path on the remote host.</param>
/// <param name="Mode">The permission bits, such as 640 in octal digits.</param>
public sealed record SshFile(string Name, string Path, bool IsFolder, long SizeBytes, string Mode);
