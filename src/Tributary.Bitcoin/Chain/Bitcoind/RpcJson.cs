using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>Reads of an answer that say false instead of throwing when the answer has another shape.</summary>
internal static class RpcJson
{
    internal static bool TryMember(this JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    internal static bool TryInt32(this JsonElement element, string name, out int value)
    {
        value = 0;
        return element.TryMember(name, JsonValueKind.Number, out var member) && member.TryGetInt32(out value);
    }

    internal static bool TryUInt64(this JsonElement element, string name, out ulong value)
    {
        value = 0;
        return element.TryMember(name, JsonValueKind.Number, out var member) && member.TryGetUInt64(out value);
    }

    internal static bool TryText(this JsonElement element, string name, [NotNullWhen(true)] out string? value)
    {
        value = element.TryMember(name, JsonValueKind.String, out var member) ? member.Text() : null;
        return value is not null;
    }

    /// <summary>A string's text, or null for another kind and for bytes that are no text.</summary>
    internal static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8, or an escape that is half a surrogate pair: the parser leaves both to the reader.
            return null;
        }
    }

    internal static bool TryFlag(this JsonElement element, string name, out bool value)
    {
        value = false;
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var member) || member.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return false;
        value = member.GetBoolean();
        return true;
    }

    /// <summary>A bitcoin amount, from the digits as they were sent: it never becomes floating point.</summary>
    internal static bool TryAmount(this JsonElement element, string name, out Satoshis value)
    {
        value = default;
        return element.TryMember(name, JsonValueKind.Number, out var member) && Satoshis.TryParseBitcoin(member.GetRawText(), out value) && value.IsInMoneyRange;
    }

    /// <summary>A feerate in BTC per 1,000 virtual bytes.</summary>
    internal static bool TryFeerate(this JsonElement element, string name, out FeeratePerKvB value)
    {
        value = default;
        if (!element.TryAmount(name, out var amount) || amount.Value > int.MaxValue)
            return false;
        value = new FeeratePerKvB(amount.Value);
        return true;
    }

    internal static bool TryBlockHash(this JsonElement element, out BlockHash hash)
    {
        hash = default;
        return element.Text() is { } text && BlockHash.TryParse(text, out hash);
    }

    internal static bool TryTxId(this JsonElement element, out TxId id)
    {
        id = default;
        return element.Text() is { } text && TxId.TryParse(text, out id);
    }

    /// <summary>A string of hex digits as bytes, without a string in between: blocks are megabytes.</summary>
    internal static bool TryBytes(this JsonElement element, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (element.ValueKind != JsonValueKind.String)
            return false;
        var quoted = JsonMarshal.GetRawUtf8Value(element);
        var digits = quoted[1..^1];
        if (digits.Length % 2 != 0)
            return false;
        var decoded = new byte[digits.Length / 2];
        if (Convert.FromHexString(digits, decoded, out _, out var written) != OperationStatus.Done || written != decoded.Length)
            return false;
        bytes = decoded;
        return true;
    }
}
