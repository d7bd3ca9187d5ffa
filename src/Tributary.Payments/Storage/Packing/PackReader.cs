using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Tributary.Payments.Storage.Packing;

/// <summary>Reads one document from its packed form. Every read is bounded by the bytes that are there; false for bytes that nobody packed.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> packed)
{
    /// <summary>As deep as JSON is read.</summary>
    private const int DepthMax = 64;

    private readonly List<byte[]> _texts = [];
    private readonly List<byte[]> _ids = [];
    private ReadOnlySpan<byte> _rest = packed;
    private long _time = PackedTime.Epoch;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads a value with all that is in it and writes it as JSON.</summary>
    public bool TryRead(Utf8JsonWriter json, int depth = 0)
    {
        if (!TryTake(out var tag))
            return false;
        switch (tag)
        {
            case >= PackTag.Words:
                return TryWriteWord(tag - PackTag.Words, json);
            case >= PackTag.SmallIntegers:
                json.WriteNumberValue(tag - PackTag.SmallIntegers);
                return true;
            case PackTag.Null:
                json.WriteNullValue();
                return true;
            case PackTag.False or PackTag.True:
                json.WriteBooleanValue(tag == PackTag.True);
                return true;
            case PackTag.Object:
                return depth < DepthMax && TryReadObject(json, depth);
            case PackTag.Array:
                return depth < DepthMax && TryReadArray(json, depth);
            case PackTag.Integer or PackTag.Negative or PackTag.Number:
                return TryReadNumber(tag, json);
            default:
                return TryReadText(tag, json);
        }
    }

    private bool TryReadObject(Utf8JsonWriter json, int depth)
    {
        json.WriteStartObject();
        while (true)
        {
            if (!TryTakeVarint(out var code))
                return false;
            if (code == 0)
                break;
            if (code == 1)
            {
                if (!TryTakeBytes(out var name) || !Utf8.IsValid(name))
                    return false;
                json.WritePropertyName(name);
            }
            else
            {
                if (code - 2 > int.MaxValue || !PackWords.TryGet((int)(code - 2), out var word))
                    return false;
                json.WritePropertyName(word);
            }

            if (!TryRead(json, depth + 1))
                return false;
        }

        json.WriteEndObject();
        return true;
    }

    private bool TryReadArray(Utf8JsonWriter json, int depth)
    {
        json.WriteStartArray();
        while (true)
        {
            if (_rest.IsEmpty)
                return false;
            if (_rest[0] == PackTag.End)
                break;
            if (!TryRead(json, depth + 1))
                return false;
        }

        _rest = _rest[1..];
        json.WriteEndArray();
        return true;
    }

    private bool TryReadNumber(byte tag, Utf8JsonWriter json)
    {
        if (tag == PackTag.Number)
        {
            if (!TryTakeBytes(out var digits) || !IsNumber(digits))
                return false;
            json.WriteRawValue(digits, skipInputValidation: true);
            return true;
        }

        if (!TryTakeVarint(out var value) || value > long.MaxValue)
            return false;
        json.WriteNumberValue(tag == PackTag.Negative ? ~(long)value : (long)value);
        return true;
    }

    private bool TryReadText(byte tag, Utf8JsonWriter json)
    {
        switch (tag)
        {
            case PackTag.Text when TryTakeBytes(out var text) && Utf8.IsValid(text):
                return Write(text.ToArray(), json);
            case PackTag.Again when TryTakeVarint(out var place) && place < (ulong)_texts.Count && json.BytesCommitted + json.BytesPending < DocumentPack.JsonBytesMax:
                json.WriteStringValue(_texts[(int)place]);
                return true;
            case PackTag.Time when TryTakeVarint(out var distance):
                return TryWriteTime((long)(distance >> 1) ^ -(long)(distance & 1), json);
            case PackTag.Word when TryTakeVarint(out var word) && word <= int.MaxValue:
                return TryWriteWord((int)word, json);
            case PackTag.Name when TryTakeVarint(out var count) && count is > 0 and <= PackWriter.PartsMax:
                return TryReadName((int)count, json);
            case PackTag.Hex when TryTakeBytes(out var bytes):
                return Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)), json);
            case PackTag.Bech32 when TryTakeBytes(out var head) && Utf8.IsValid(head) && TryTakeVarint(out var letters) && letters <= (ulong)_rest.Length * 8 / 5:
                return TryReadBech32(head, (int)letters, json);
            default:
                return false;
        }
    }

    private bool TryReadBech32(ReadOnlySpan<byte> head, int letters, Utf8JsonWriter json)
    {
        var length = PackedLetters.Bech32Bytes(letters);
        if (length > _rest.Length)
            return false;
        var text = new byte[head.Length + 1 + letters];
        head.CopyTo(text);
        text[head.Length] = (byte)'1';
        PackedLetters.UnpackBech32(_rest[..length], text.AsSpan(head.Length + 1));
        _rest = _rest[length..];
        return Write(text, json);
    }

    private bool TryReadName(int count, Utf8JsonWriter json)
    {
        var name = new ArrayBufferWriter<byte>(64);
        Span<byte> id = stackalloc byte[PackedLetters.IdLength];
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                name.Write("_"u8);
            if (!TryReadPart(id, out var part))
                return false;
            name.Write(part);
        }

        json.WriteStringValue(name.WrittenSpan);
        return true;
    }

    private bool TryReadPart(scoped Span<byte> id, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (!TryTakeVarint(out var code))
            return false;
        if (code == 1)
            return TryTakeBytes(out part) && Utf8.IsValid(part);
        if (code >= 2 && (code & 1) == 0)
            return (code - 2) / 2 <= int.MaxValue && PackWords.TryGet((int)((code - 2) / 2), out part);
        if (code == 0)
        {
            if (_rest.Length < PackedLetters.IdBytes || !PackedLetters.TryUnpackId(_rest[..PackedLetters.IdBytes], id))
                return false;
            if (_ids.Count < PackWriter.RememberedMax)
                _ids.Add(id.ToArray());
            _rest = _rest[PackedLetters.IdBytes..];
            part = id.ToArray();
            return true;
        }

        if ((code - 3) / 2 >= (ulong)_ids.Count)
            return false;
        part = _ids[(int)((code - 3) / 2)];
        return true;
    }

    private bool TryWriteTime(long distance, Utf8JsonWriter json)
    {
        var ticks = unchecked(_time + distance);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        _time = ticks;
        Span<byte> text = stackalloc byte[PackedTime.LengthMax];
        // As it was: an escaped plus would be the same text, and longer.
        Span<byte> quoted = stackalloc byte[PackedTime.LengthMax + 2];
        var length = PackedTime.Write(ticks, text);
        quoted[0] = (byte)'"';
        text[..length].CopyTo(quoted[1..]);
        quoted[length + 1] = (byte)'"';
        json.WriteRawValue(quoted[..(length + 2)], skipInputValidation: true);
        return true;
    }

    private static bool TryWriteWord(int number, Utf8JsonWriter json)
    {
        if (!PackWords.TryGet(number, out var word))
            return false;
        json.WriteStringValue(word);
        return true;
    }

    private readonly bool Write(byte[] text, Utf8JsonWriter json)
    {
        json.WriteStringValue(text);
        if (_texts.Count < PackWriter.RememberedMax && text.Length >= PackWriter.RememberedLengthMin)
            _texts.Add(text);
        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> digits)
    {
        var json = new Utf8JsonReader(digits);
        try
        {
            return json.Read() && json.TokenType == JsonTokenType.Number && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool TryTake(out byte value)
    {
        value = _rest.IsEmpty ? (byte)0 : _rest[0];
        if (_rest.IsEmpty)
            return false;
        _rest = _rest[1..];
        return true;
    }

    private bool TryTakeBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryTakeVarint(out var length) || length > (ulong)_rest.Length)
            return false;
        bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryTakeVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!TryTake(out var b) || (shift == 63 && b > 1))
                return false;
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return true;
        }

        return false;
    }
}
