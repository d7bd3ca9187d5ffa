using System.Text.Json.Serialization;

namespace Tributary.Server.Lnurl;

/// <summary>Source-generated JSON of what wallets are answered.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LnurlWire.PayRequest))]
[JsonSerializable(typeof(LnurlWire.Invoice))]
[JsonSerializable(typeof(LnurlWire.Verification))]
[JsonSerializable(typeof(LnurlWire.WithdrawRequest))]
[JsonSerializable(typeof(LnurlWire.Done))]
[JsonSerializable(typeof(LnurlWire.Failure))]
internal sealed partial class LnurlWireJson : JsonSerializerContext;
