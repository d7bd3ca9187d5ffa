using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Tributary.Payments.Storage.Packing;

/// <summary>Writes one document in its packed form.</summary>
internal sealed class PackWriter(byte[] scratch)
{
    /// <summary>So many texts are remembered for being named again; those after them are written out.</summary>
    internal const int RememberedMax = 256;

    /// <summary>A shorter text is no longer than a reference.</summary>
    internal const int RememberedLengthMin = 4;

    internal const int PartsMax = 8;
    private const int HexLengthMin = 16;
    private const int Bech32LengthMin = 16;

    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdef"u8);
    private readonly ArrayBufferWriter<byte> _packed = new(512);
    private readonly List<byte[]> _texts = [];
    private readonly List<byte[]> _ids = [];
    private long _time = PackedTime.Epoch;

    public ReadOnlySpan<byte> Packed => _packed.WrittenSpan;

    public void Add(byte value)
    {
        _packed.GetSpan(1)[0] = value;
        _packed.Advance(1);
    }

    /// <summary>Writes the value that the reader stands on, with all that is in it.</summary>
    public void AddValue(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                Add(PackTag.Null);
                break;
            case JsonTokenType.False:
                Add(PackTag.False);
                break;
            case JsonTokenType.True:
                Add(PackTag.True);
                break;
            case JsonTokenType.Number:
                AddNumber(ref json);
                break;
            case JsonTokenType.String:
                AddText(TextOf(ref json));
                break;
            case JsonTokenType.StartArray:
                Add(PackTag.Array);
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    AddValue(ref json);
                Add(PackTag.End);
                break;
            default:
                Add(PackTag.Object);
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    AddProperty(TextOf(ref json));
                    json.Read();
                    AddValue(ref json);
                }

                AddVarint(0);
                break;
        }
    }

    private ReadOnlySpan<byte> TextOf(ref Utf8JsonReader json) => json.ValueIsEscaped ? scratch.AsSpan(0, json.CopyString(scratch)) : json.ValueSpan;

    private void AddProperty(ReadOnlySpan<byte> name)
    {
        if (PackWords.TryFind(name, out var word))
        {
            AddVarint((ulong)word + 2);
            return;
        }

        AddVarint(1);
        AddBytes(name);
    }

    private void AddNumber(ref Utf8JsonReader json)
    {
        Span<byte> again = stackalloc byte[20];
        if (!json.TryGetInt64(out var number) || !Utf8Formatter.TryFormat(number, again, out var length) || !json.ValueSpan.SequenceEqual(again[..length]))
        {
            Add(PackTag.Number);
            AddBytes(json.ValueSpan);
        }
        else if (number < 0)
        {
            Add(PackTag.Negative);
            AddVarint((ulong)~number);
        }
        else if (number < PackTag.SmallIntegerCount)
        {
            Add((byte)(PackTag.SmallIntegers + number));
        }
        else
        {
            Add(PackTag.Integer);
            AddVarint((ulong)number);
        }
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        if (PackWords.TryFind(text, out var word))
        {
            AddWord(word);
        }
        else if (Find(_texts, text) is var place and >= 0)
        {
            Add(PackTag.Again);
            AddVarint((ulong)place);
        }
        else if (PackedTime.TryRead(text, out var ticks))
        {
            Add(PackTag.Time);
            AddVarint(ZigZag(ticks - _time));
            _time = ticks;
        }
        else if (!TryAddName(text))
        {
            AddLetters(text);
            Remember(_texts, text, RememberedLengthMin);
        }
    }

    private void AddWord(int word)
    {
        if (word < PackTag.ShortWordCount)
        {
            Add((byte)(PackTag.Words + word));
            return;
        }

        Add(PackTag.Word);
        AddVarint((ulong)word);
    }

    // A text with an identifier among its parts.
    private bool TryAddName(ReadOnlySpan<byte> text)
    {
        Span<Range> parts = stackalloc Range[PartsMax + 1];
        var count = 0;
        var hasId = false;
        Span<byte> id = stackalloc byte[PackedLetters.IdBytes];
        foreach (var part in text.Split((byte)'_'))
        {
            if (count == PartsMax)
                return false;
            parts[count++] = part;
            hasId |= PackedLetters.TryPackId(text[part], id);
        }

        if (!hasId)
            return false;
        Add(PackTag.Name);
        AddVarint((ulong)count);
        foreach (var part in parts[..count])
            AddPart(text[part], id);
        return true;
    }

    // 0: an identifier; 1: a text; then even numbers are words and odd ones identifiers again.
    private void AddPart(ReadOnlySpan<byte> part, scoped Span<byte> id)
    {
        if (PackWords.TryFind(part, out var word))
        {
            AddVarint(((ulong)word * 2) + 2);
        }
        else if (!PackedLetters.TryPackId(part, id))
        {
            AddVarint(1);
            AddBytes(part);
        }
        else if (Find(_ids, id) is var place and >= 0)
        {
            AddVarint(((ulong)place * 2) + 3);
        }
        else
        {
            AddVarint(0);
            Append(id);
            Remember(_ids, id, 0);
        }
    }

    private void AddLetters(ReadOnlySpan<byte> text)
    {
        if (text.Length >= HexLengthMin && (text.Length & 1) == 0 && !text.ContainsAnyExcept(s_hexDigits))
        {
            Add(PackTag.Hex);
            AddVarint((ulong)text.Length / 2);
            _ = Convert.FromHexString(text, _packed.GetSpan(text.Length / 2), out _, out var written);
            _packed.Advance(written);
        }
        else if (text.LastIndexOf((byte)'1') is var separator and >= 0 && text.Length - separator - 1 is var letters && letters >= Bech32LengthMin && PackedLetters.IsBech32(text[(separator + 1)..]))
        {
            Add(PackTag.Bech32);
            AddBytes(text[..separator]);
            AddVarint((ulong)letters);
            var length = PackedLetters.Bech32Bytes(letters);
            PackedLetters.PackBech32(text[(separator + 1)..], _packed.GetSpan(length)[..length]);
            _packed.Advance(length);
        }
        else
        {
            Add(PackTag.Text);
            AddBytes(text);
        }
    }

    private void AddBytes(ReadOnlySpan<byte> bytes)
    {
        AddVarint((ulong)bytes.Length);
        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_packed.GetSpan(bytes.Length));
        _packed.Advance(bytes.Length);
    }

    private void AddVarint(ulong value)
    {
        while (value >= 0x80)
        {
            Add((byte)(value | 0x80));
            value >>= 7;
        }

        Add((byte)value);
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int Find(List<byte[]> remembered, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < remembered.Count; i++)
        {
            if (bytes.SequenceEqual(remembered[i]))
                return i;
        }

        return -1;
    }

    private static void Remember(List<byte[]> remembered, ReadOnlySpan<byte> bytes, int lengthMin)
    {
        if (remembered.Count < RememberedMax && bytes.Length >= lengthMin)
            remembered.Add(bytes.ToArray());
    }
}
