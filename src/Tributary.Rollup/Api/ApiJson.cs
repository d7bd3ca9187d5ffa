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
public sealed partial class ApiJson : JsonSerializerContext;
