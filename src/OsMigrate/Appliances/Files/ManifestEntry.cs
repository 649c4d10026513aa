using System.Security.Cryptography;

namespace OsMigrate.Appliances.Files;

/// <summary>One line of a manifest.</summary>
/// <param name="Name">File name relative to the descriptor, as written.</param>
/// <param name="Algorithm">SHA1, SHA256, SHA384 or SHA512.</param>
/// <param name="Digest">Lower-case hex digits.</param>
internal sealed record ManifestEntry(string Name, HashAlgorithmName Algorithm, string Digest);
