using System.Text.Json.Serialization;

namespace Tributary.Rollup.Operating;

/// <summary>Source-generated JSON of an operator's folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(OperatorFile))]
internal sealed partial class OperatorJson : JsonSerializerContext;
