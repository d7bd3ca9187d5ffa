using System.Text.Json.Serialization;
using Tributary.Server.Health;

namespace Tributary.Server;

/// <summary>Source-generated JSON of what the server answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(long))]
internal sealed partial class ServerJson : JsonSerializerContext;
