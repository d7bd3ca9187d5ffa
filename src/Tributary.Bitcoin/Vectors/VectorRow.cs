using System.Globalization;
using System.Text.Json;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Vectors;

/// <summary>A row of test data, read with errors that say which field is at fault.</summary>
internal readonly struct VectorRow(JsonElement element)
{
    /// <summary>Flags of proposals that lineages of Bitcoin Core carry and that Bitcoin does not enforce.</summary>
    private static readonly string[] s_proposals =
    [
        "OP_CAT", "DISCOURAGE_OP_CAT", "DEFAULT_CHECK_TEMPLATE_VERIFY_HASH", "DISCOURAGE_UPGRADABLE_CHECK_TEMPLATE_VERIFY_HASH",
        "DISCOURAGE_CHECK_TEMPLATE_VERIFY_HASH", "CHECKTEMPLATEVERIFY", "ANYPREVOUT", "DISCOURAGE_ANYPREVOUT", "CHECKSIGFROMSTACK",
        "DISCOURAGE_CHECKSIGFROMSTACK", "INTERNALKEY", "DISCOURAGE_INTERNALKEY",
    ];

    private readonly JsonElement _element = element.ValueKind == JsonValueKind.Array ? element : throw new VectorFormatException("a row is an array");

    internal int Count => _element.GetArrayLength();

    /// <summary>Rows of one string, and empty ones.</summary>
    internal static bool IsComment(JsonElement row) =>
        row.ValueKind == JsonValueKind.Array
        && (row.GetArrayLength() == 0 || (row.GetArrayLength() == 1 && row[0].ValueKind == JsonValueKind.String));

    /// <summary>A string, or null where its bytes or escapes are no text: JSON can hold halves of characters.</summary>
    internal static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    internal bool IsArray(int field) => Field(field).ValueKind == JsonValueKind.Array;

    internal VectorRow Row(int field) => new(Field(field));

    internal string Text(int field) =>
        Field(field) is { ValueKind: JsonValueKind.String } text && TextOf(text) is { } value ? value : throw new VectorFormatException($"field {field} is no text");

    internal int Number(int field) =>
        Field(field) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value)
            ? value
            : throw new VectorFormatException($"field {field} is no 32-bit number");

    internal Satoshis Sats(int field) =>
        Field(field) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? new Satoshis(value)
            : throw new VectorFormatException($"field {field} is no amount in satoshis");

    /// <summary>A number of bitcoin, exactly, or a text of one; JSON may write one satoshi as 1e-08.</summary>
    internal Satoshis Bitcoins(int field)
    {
        var value = Field(field);
        var text = value.ValueKind == JsonValueKind.String ? TextOf(value) : value.GetRawText();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            && amount is >= 0 and <= 21_000_000
            && decimal.IsInteger(amount * Satoshis.PerBitcoin))
            return new Satoshis((long)(amount * Satoshis.PerBitcoin));
        throw new VectorFormatException($"field {field} is no amount in bitcoin");
    }

    internal byte[] Bytes(int field) => Decode(Text(field), field);

    internal Script Script(int field) => ParseScript(Text(field), field);

    internal Transaction Transaction(int field)
    {
        var parsed = Transactions.Transaction.Parse(Bytes(field));
        return parsed.TryGet(out var transaction, out var refusal) ? transaction : throw new VectorFormatException(refusal.ToString());
    }

    /// <summary>Names of flags apart by commas; empty and "NONE" for none.</summary>
    internal ScriptFlags Flags(int field)
    {
        var flags = ScriptFlags.None;
        foreach (var name in Text(field).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ScriptFlagNames.TryParse(name, out var flag))
                flags |= flag;
            else if (s_proposals.Contains(name, StringComparer.Ordinal))
                throw new VectorFormatException($"turns on {name}, a proposal that Bitcoin does not enforce", isSkip: true);
            else if (name is not "NONE")
                throw new VectorFormatException($"{name} is no flag");
        }

        return flags;
    }

    internal static byte[] Decode(string hex, int field) =>
        Hex.TryDecode(hex, out byte[]? bytes) ? bytes : throw new VectorFormatException($"field {field} is no hex");

    internal static Script ParseScript(string text, int field) =>
        ScriptNotation.TryParse(text, out var script, out var problem) ? script : throw new VectorFormatException($"field {field}: {problem}");

    private JsonElement Field(int field) =>
        field >= 0 && field < Count ? _element[field] : throw new VectorFormatException($"field {field} is missing");
}
