using System.Text.Json.Serialization;

namespace Tributary.Cli.Bitcoin;

/// <summary>Source-generated JSON of the Bitcoin area's reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VectorsReport))]
internal sealed partial class VectorsJson : JsonSerializerContext;
