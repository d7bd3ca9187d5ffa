using System.Text.Json.Serialization;

namespace Tributary.Server.Localisation;

/// <summary>How files of texts are read.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TextsJson : JsonSerializerContext;
