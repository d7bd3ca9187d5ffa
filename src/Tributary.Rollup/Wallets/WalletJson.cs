using System.Text.Json.Serialization;

namespace Tributary.Rollup.Wallets;

/// <summary>Source-generated JSON of a wallet's folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WalletFile))]
[JsonSerializable(typeof(WalletEntry))]
internal sealed partial class WalletJson : JsonSerializerContext;
