using System.Text.Json.Serialization;
using Tributary.Payments.Storage;

namespace Tributary.Payments.PullPayments;

/// <summary>How pull payments and claims are stored.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CurrencyJsonConverter), typeof(AssetJsonConverter)])]
[JsonSerializable(typeof(StoredPullPayment.Pull))]
[JsonSerializable(typeof(StoredPullPayment.Claim))]
internal sealed partial class PullPaymentJson : JsonSerializerContext;
