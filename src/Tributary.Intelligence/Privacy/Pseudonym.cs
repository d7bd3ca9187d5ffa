using System.Buffers;
using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy;

/// <summary>
/// What stands for an identity (a card, a customer, a device …) in features, journals and training rows: 128 bits of an HMAC under a key of the
/// subject. Without the key it can be tied to nobody, not even by someone who guesses the identity. The default value means "none".
/// </summary>
public readonly record struct Pseudonym(ulong High, ulong Low)
{
    /// <summary>Bytes of a pseudonym.</summary>
    public const int Length = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>True where there is no identity.</summary>
    public bool IsNone => (High | Low) == 0;

    /// <summary>Reads sixteen bytes, big endian.</summary>
    public static Pseudonym FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    /// <summary>Reads thirty-two hexadecimal digits.</summary>
    public static Result<Pseudonym, Refusal> Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Hex.TryDecode(text, bytes))
            return new Refusal("pseudonym", "is not thirty-two hexadecimal digits");
        return FromBytes(bytes);
    }

    /// <summary>Stands for a number of a public data set, where there is no person to protect. Never none.</summary>
    public static Pseudonym OfNumber(ulong number) => new(1UL << 63, number);

    /// <summary>True for text that can be a pseudonym: 32 to 64 lower-case hex digits. Nothing else is taken where an identity would stand.</summary>
    public static bool IsWellFormed(string text) => text.Length is >= 2 * Length and <= 4 * Length && !text.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>Writes sixteen bytes, big endian.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[sizeof(ulong)..], Low);
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
