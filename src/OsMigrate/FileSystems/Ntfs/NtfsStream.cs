namespace OsMigrate.FileSystems.Ntfs;

/// <summary>A stream of a file. The unnamed one is the file's content.</summary>
public sealed record NtfsStream(string Name, long SizeBytes, bool IsCompressed, bool IsSparse, bool IsEncrypted, bool IsResident);
