using System.Buffers.Binary;
using System.Globalization;
using Tributary.Primitives.Contracts;

namespace Tributary.Intelligence.Journal;

/// <summary>The number of a decision: 128 random bits, so that a payer who knows their own learns nothing about others.</summary>
public readonly record struct DecisionId(UInt128 Value)
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    private const string Prefix = "dec_";

    /// <summary>A fresh id.</summary>
    public static DecisionId New(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[Length];
        entropy.Fill(bytes);
        return new DecisionId(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
    }

    /// <summary>Reads <c>dec_</c> and 32 hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DecisionId id)
    {
        id = default;
        if (text.Length != Prefix.Length + 32 || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !UInt128.TryParse(text[Prefix.Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new DecisionId(value);
        return true;
    }

    public override string ToString() => $"{Prefix}{Value:x32}";
}
