namespace OsMigrate.VSphere.Export;

/// <summary>One file that a lease offers.</summary>
/// <param name="Key">What the manifest names it by.</param>
/// <param name="Address">Where it is fetched; the ticket in it is a secret for the lease's life.</param>
/// <param name="TargetId">File name the host gives it.</param>
/// <param name="SizeBytes">As far as the host knows beforehand; null when it does not say.</param>
/// <param name="Thumbprint">SHA-1 of the certificate of the host that serves it; null for the server's own.</param>
internal sealed record LeaseFile(string Key, Uri Address, string TargetId, long? SizeBytes, string? Thumbprint);

/// <summary>What the host says it has sent.</summary>
/// <param name="Sha1">Lower-case hex digits; null when it gives another sum, or none.</param>
/// <param name="Checksum">Of the algorithm <paramref name="ChecksumType"/>.</param>
internal sealed record LeaseManifestEntry(string Key, string? Sha1, string? Checksum, string? ChecksumType, long? SizeBytes);
