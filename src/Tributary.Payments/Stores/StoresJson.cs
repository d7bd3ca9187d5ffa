using System.Text.Json.Serialization;
using Tributary.Payments.Storage;

namespace Tributary.Payments.Stores;

/// <summary>How settings of stores are stored.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CurrencyJsonConverter), typeof(AssetJsonConverter)])]
[JsonSerializable(typeof(StoredSettings))]
internal sealed partial class StoresJson : JsonSerializerContext;
