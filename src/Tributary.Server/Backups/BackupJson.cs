using System.Text.Json.Serialization;

namespace Tributary.Server.Backups;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(RestoredNote))]
internal sealed partial class BackupJson : JsonSerializerContext;
