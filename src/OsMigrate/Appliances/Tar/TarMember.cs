namespace OsMigrate.Appliances.Tar;

/// <summary>A regular file inside a tar archive.</summary>
/// <param name="Name">Its path with '/', without a leading "./"; checked to stay inside the archive's folder, and never used as a path.</param>
/// <param name="Offset">First byte of the content in the archive.</param>
/// <param name="SizeBytes">Bytes of content; they lie wholly within the archive.</param>
internal sealed record TarMember(string Name, long Offset, long SizeBytes);
