using System.Text.Json.Serialization;

namespace Tributary.Cli.Fairness;

/// <summary>Source-generated JSON of the fairness reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FairnessDocument))]
internal sealed partial class FairnessJson : JsonSerializerContext;
