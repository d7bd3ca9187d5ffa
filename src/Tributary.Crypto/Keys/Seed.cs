using System.Diagnostics;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>The secret from which a BIP 32 tree grows: 16 to 64 bytes. Zeroed on Dispose, never printed, compared in constant time.</summary>
[DebuggerDisplay("seed")]
public sealed class Seed : IDisposable
{
    /// <summary>The fewest bytes (BIP 32: 128 bits).</summary>
    public const int LengthMin = 16;

    /// <summary>The most bytes (BIP 32: 512 bits); what BIP 39 yields.</summary>
    public const int LengthMax = 64;

    private readonly SecretBytes _bytes;

    internal Seed(SecretBytes bytes) => _bytes = bytes;

    /// <summary>How many bytes.</summary>
    public int Length => _bytes.Length;

    internal ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>Copies 16 to 64 bytes.</summary>
    public static Result<Seed, Refusal> Create(ReadOnlySpan<byte> bytes) =>
        bytes.Length is >= LengthMin and <= LengthMax
            ? new Seed(new SecretBytes(bytes))
            : new Refusal("seed", $"has {bytes.Length} bytes; 16 to 64 are allowed");

    /// <summary>A fresh seed of 64 bytes.</summary>
    public static Seed Generate(IEntropy entropy)
    {
        var bytes = new SecretBytes(LengthMax);
        entropy.Fill(bytes.Span);
        return new Seed(bytes);
    }

    /// <summary>Copies the bytes to the start of the destination. The caller zeroes them.</summary>
    public void WriteTo(Span<byte> destination) => _bytes.WriteTo(destination);

    /// <summary>True for the same bytes; for equal lengths it takes the same time either way.</summary>
    public bool ConstantTimeEquals(Seed other) => _bytes.ConstantTimeEquals(other._bytes);

    public void Dispose() => _bytes.Dispose();

    /// <summary>Never the seed.</summary>
    public override string ToString() => "(seed)";
}
