using System.Text.Json.Serialization;
using Tributary.Payments.Storage;

namespace Tributary.Payments.Checkout;

/// <summary>How documents of checkout are stored.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CurrencyJsonConverter), typeof(AssetJsonConverter)])]
[JsonSerializable(typeof(StoredCheckout.Session))]
[JsonSerializable(typeof(StoredCheckout.Link))]
[JsonSerializable(typeof(StoredCheckout.Event))]
internal sealed partial class CheckoutJson : JsonSerializerContext;
