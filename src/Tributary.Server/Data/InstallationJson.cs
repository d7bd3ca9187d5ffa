using System.Text.Json.Serialization;

namespace Tributary.Server.Data;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(InstallationNote))]
internal sealed partial class InstallationJson : JsonSerializerContext;
