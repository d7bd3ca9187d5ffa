using System.Text.Json.Serialization;

namespace Tributary.Payments.Lnurl;

/// <summary>How names are stored.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredName))]
internal sealed partial class LnurlJson : JsonSerializerContext;
