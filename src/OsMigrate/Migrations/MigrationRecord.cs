using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OsMigrate.Migrations;

/// <summary>The file migration.json: the machine in neutral words, where its disks came from, what was written, and the image properties.</summary>
/// <remarks>The format is ours; <c>schema</c> changes when a reader of an older file could be misled. Sizes in bytes, checksums in lower-case hex.</remarks>
public static class MigrationRecord
{
    public const string FileName = "migration.json";

    public const string Schema = "osmigrate-migration-1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        // Names of machines are text for people: "Büro" stays readable. The file is never put into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string ToJson(FileConversionPlan plan, ConvertedMachine converted) => JsonSerializer.Serialize(
        new
        {
            Schema,
            Created = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Tool = $"OsMigrate {typeof(MigrationRecord).Assembly.GetName().Version?.ToString(3)}",
            Source = new { Path = plan.SourcePath, Kind = plan.SourceKind, SizeBytes = new FileInfo(plan.SourcePath).Length },
            converted.Machine,
            Disks = converted.Disks.Select((disk, i) => new
            {
                Index = i,
                Boot = i == 0,
                Source = new { disk.Disk.Id, disk.Disk.FileName, Format = disk.SourceFormat, Address = disk.Disk.Address, disk.ManifestVerified },
                Target = new
                {
                    FileName = System.IO.Path.GetFileName(disk.Conversion.Path),
                    DiskFormat = disk.Conversion.FormatName,
                    ContainerFormat = "bare",
                    disk.Conversion.Encoded.FileSizeBytes,
                    disk.Conversion.Encoded.VirtualSizeBytes,
                    disk.Conversion.Encoded.DataSizeBytes,
                    disk.Conversion.Sha256,
                    disk.Conversion.Sha512,
                },
                // Equal for the source and the target, unless the guest was changed: one pass over the content made both.
                Content = new { Digest = disk.Conversion.Encoded.ContentDigest, disk.Conversion.RawSha256, disk.Conversion.Encoded.PassedThroughBlocks },
            }),
            ImageProperties = converted.Properties.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            ImagePropertyReasons = converted.Properties.ToDictionary(p => p.Name, p => p.Reason, StringComparer.Ordinal),
            // What the disks differ by from their source.
            Guest = converted.Guest is { } guest ? new { guest.System, guest.Drivers, guest.Changes } : null,
            converted.Warnings,
        },
        Options) + "\n";
}
