using System.Text.Json.Serialization;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>Source-generated JSON of a swap's folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SwapFile))]
internal sealed partial class SwapJson : JsonSerializerContext;
