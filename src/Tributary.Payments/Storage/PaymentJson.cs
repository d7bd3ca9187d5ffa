using System.Text.Json.Serialization;

namespace Tributary.Payments.Storage;

/// <summary>How documents are stored: the core's own records, enumerations by name.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CurrencyJsonConverter), typeof(AssetJsonConverter)])]
[JsonSerializable(typeof(StoredPaymentFile))]
[JsonSerializable(typeof(StoredEvent))]
internal sealed partial class PaymentJson : JsonSerializerContext;
