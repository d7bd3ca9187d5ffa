using System.Buffers.Binary;

namespace Tributary.Payments.Storage.Packing;

/// <summary>Letters of a small alphabet in the bits that they need.</summary>
internal static class PackedLetters
{
    /// <summary>How many characters of base 62 an identifier has.</summary>
    public const int IdLength = 24;

    /// <summary>62^24 is below 2^144.</summary>
    public const int IdBytes = 18;

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // BIP 173.
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int HalfLength = 10;
    private static readonly byte[] s_base62 = Invert(Base62);
    private static readonly byte[] s_bech32 = Invert(Bech32);

    /// <summary>Packs 24 characters of base 62; false where one is none.</summary>
    public static bool TryPackId(ReadOnlySpan<byte> text, Span<byte> packed)
    {
        if (text.Length != IdLength)
            return false;

        // 62^10 is below 2^60: two numbers of ten letters and one of four are 18 bytes with their sum of 60 + 60 + 24 bits.
        if (!TryRead(text[..HalfLength], out var first) || !TryRead(text[HalfLength..(2 * HalfLength)], out var second) || !TryRead(text[(2 * HalfLength)..], out var last))
            return false;
        var high = ((UInt128)first << 60) | second;
        BinaryPrimitives.WriteUInt128BigEndian(packed[..16], (high << 8) | (last >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(packed[16..18], (ushort)last);
        return true;
    }

    /// <summary>Gives the 24 characters back; false for bytes that stand for none.</summary>
    public static bool TryUnpackId(ReadOnlySpan<byte> packed, Span<byte> text)
    {
        if (packed.Length != IdBytes)
            return false;
        var number = BinaryPrimitives.ReadUInt128BigEndian(packed[..16]);
        var last = ((ulong)(number & 0xff) << 16) | BinaryPrimitives.ReadUInt16BigEndian(packed[16..18]);
        number >>= 8;
        return TryWrite((ulong)(number >> 60), text[..HalfLength])
            && TryWrite((ulong)(number & ((1UL << 60) - 1)), text[HalfLength..(2 * HalfLength)])
            && TryWrite(last, text[(2 * HalfLength)..IdLength]);
    }

    /// <summary>Whether all are letters of Bech32's data part.</summary>
    public static bool IsBech32(ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
        {
            if (s_bech32[letter] == byte.MaxValue)
                return false;
        }

        return true;
    }

    /// <summary>How many bytes so many letters of five bits take.</summary>
    public static int Bech32Bytes(int letters) => ((letters * 5) + 7) / 8;

    public static void PackBech32(ReadOnlySpan<byte> text, Span<byte> packed)
    {
        packed.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            var (at, value) = (i * 5, s_bech32[text[i]] << 11);
            value >>= at & 7;
            packed[at >> 3] |= (byte)(value >> 8);
            if ((value & 0xff) != 0)
                packed[(at >> 3) + 1] |= (byte)value;
        }
    }

    public static void UnpackBech32(ReadOnlySpan<byte> packed, Span<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var at = i * 5;
            var two = (packed[at >> 3] << 8) | ((at >> 3) + 1 < packed.Length ? packed[(at >> 3) + 1] : 0);
            text[i] = (byte)Bech32[(two >> (11 - (at & 7))) & 31];
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        foreach (var letter in text)
        {
            if (s_base62[letter] == byte.MaxValue)
                return false;
            number = (number * 62) + s_base62[letter];
        }

        return true;
    }

    private static bool TryWrite(ulong number, Span<byte> text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            (number, var letter) = Math.DivRem(number, 62);
            text[i] = (byte)Base62[(int)letter];
        }

        return number == 0;
    }

    private static byte[] Invert(string alphabet)
    {
        var inverse = new byte[256];
        inverse.AsSpan().Fill(byte.MaxValue);
        for (var i = 0; i < alphabet.Length; i++)
            inverse[alphabet[i]] = (byte)i;
        return inverse;
    }
}
