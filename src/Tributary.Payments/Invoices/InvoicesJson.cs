using System.Text.Json.Serialization;
using Tributary.Payments.Storage;

namespace Tributary.Payments.Invoices;

/// <summary>How documents of invoices are stored.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(CurrencyJsonConverter), typeof(AssetJsonConverter)])]
[JsonSerializable(typeof(StoredInvoice.Document))]
[JsonSerializable(typeof(StoredInvoice.Event))]
internal sealed partial class InvoicesJson : JsonSerializerContext;
