using System.Text.Json;
using System.Text.Json.Serialization;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Storage;

/// <summary>An asset as its code.</summary>
internal sealed class AssetJsonConverter : JsonConverter<Asset>
{
    public override Asset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Asset.Parse(reader.GetString() ?? throw new JsonException("Not an asset."));

    public override void Write(Utf8JsonWriter writer, Asset value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}
