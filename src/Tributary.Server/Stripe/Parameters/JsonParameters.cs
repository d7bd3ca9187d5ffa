using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Primitives.Results;

namespace Tributary.Server.Stripe.Parameters;

/// <summary>Reads a JSON body as the same tree that a form gives.</summary>
internal static class JsonParameters
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 9, AllowDuplicateProperties = false };

    public static Result<ParameterNode.Map, PaymentError> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_options);
            return Convert(document.RootElement) is ParameterNode.Map map ? map : PaymentError.Invalid("parameter_invalid", null, "The body has to be a JSON object.");
        }
        catch (JsonException exception)
        {
            return PaymentError.Invalid("parameter_invalid", null, $"The body is not JSON that is taken here (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).");
        }
    }

    // A null is a parameter that is not there.
    private static ParameterNode? Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new ParameterNode.Map();
                foreach (var member in element.EnumerateObject())
                {
                    if (Convert(member.Value) is { } value)
                        map.Members.Add(member.Name, value);
                }

                return map;
            case JsonValueKind.Array:
                var list = new ParameterNode.List();
                foreach (var item in element.EnumerateArray())
                    list.Items.Add(Convert(item) ?? new ParameterNode.Text(""));
                return list;
            case JsonValueKind.String:
                return new ParameterNode.Text(element.GetString()!);
            case JsonValueKind.Null:
                return null;
            default:
                return new ParameterNode.Text(element.GetRawText());
        }
    }
}
