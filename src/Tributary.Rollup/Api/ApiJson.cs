using System.Text.Json.Serialization;

namespace Tributary.Rollup.Api;

/// <summary>Source-generated JSON of the interface.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RollupView))]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(ReceiptView))]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegistrationView))]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(BatchesView))]
[JsonSerializable(typeof(RevocationsView))]
[JsonSerializable(typeof(ProofsView))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(SwapOfferView))]
[JsonSerializable(typeof(SwapRequest))]
[JsonSerializable(typeof(SwapTermsView))]
[JsonSerializable(typeof(SwapProgressView))]
[JsonSerializable(typeof(SwapCancellation))]
public sealed partial class ApiJson : JsonSerializerContext;
