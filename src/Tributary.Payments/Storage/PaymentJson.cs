using System.Text.Json.Serialization;
using Tributary.Payments.Customers;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.Risk;

namespace Tributary.Payments.Storage;

/// <summary>How documents are stored: the core's own records, enumerations by name.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CurrencyJsonConverter), typeof(AssetJsonConverter)])]
[JsonSerializable(typeof(StoredPaymentFile))]
[JsonSerializable(typeof(StoredEvent))]
[JsonSerializable(typeof(StoredReview))]
[JsonSerializable(typeof(StoredPayout))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(StoredCustomer))]
[JsonSerializable(typeof(StoredMethod))]
[JsonSerializable(typeof(StoredSetup))]
[JsonSerializable(typeof(OutgoingPolicy))]
internal sealed partial class PaymentJson : JsonSerializerContext;
