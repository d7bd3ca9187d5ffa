using System.Text.Json;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>JSON-RPC requests and answers as bytes. A batch of one is sent as a plain call, which every proxy understands.</summary>
internal static class RpcMessage
{
    internal static byte[] Write(IReadOnlyList<RpcCall> calls)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            if (calls.Count != 1)
                writer.WriteStartArray();
            for (var i = 0; i < calls.Count; i++)
                Write(writer, calls[i], i);
            if (calls.Count != 1)
                writer.WriteEndArray();
        }

        return stream.ToArray();
    }

    /// <summary>The answers in the order of the calls, or null where the bytes are not the answers to so many calls.</summary>
    internal static RpcReply[]? Read(ReadOnlyMemory<byte> json, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var replies = new RpcReply[count];
            if (count == 1)
                return TryRead(root, replies, new bool[1]) ? replies : null;

            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() != count)
                return null;
            var answered = new bool[count];
            foreach (var item in root.EnumerateArray())
            {
                if (!TryRead(item, replies, answered))
                    return null;
            }

            return replies;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, RpcCall call, int id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "1.0");
        writer.WriteNumber("id", id);
        writer.WriteString("method", call.Method);
        writer.WriteStartArray("params");
        foreach (var parameter in call.Parameters)
        {
            if (parameter is null)
                writer.WriteNullValue();
            else
                parameter.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool TryRead(JsonElement item, RpcReply[] replies, bool[] answered)
    {
        if (item.ValueKind != JsonValueKind.Object
            || !item.TryGetProperty("id", out var idElement)
            || idElement.ValueKind != JsonValueKind.Number
            || !idElement.TryGetInt32(out var id)
            || id < 0
            || id >= replies.Length
            || answered[id])
            return false;

        if (item.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
        {
            if (error.ValueKind != JsonValueKind.Object
                || !error.TryGetProperty("code", out var codeElement)
                || codeElement.ValueKind != JsonValueKind.Number
                || !codeElement.TryGetInt32(out var code))
                return false;
            replies[id] = new RpcReply(default, new RpcFault(code, error.TryText("message", out var message) ? message : ""));
        }
        else if (item.TryGetProperty("result", out var result))
        {
            replies[id] = new RpcReply(result.Clone(), null);
        }
        else
        {
            return false;
        }

        answered[id] = true;
        return true;
    }
}
