using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tributary.Crypto;

/// <summary>An ECDSA signature with the two bits from which the signer's public key follows, as BOLT 11 invoices and signed messages carry it.</summary>
public readonly struct RecoverableSignature : IEquatable<RecoverableSignature>
{
    /// <summary>Bytes of r and s.</summary>
    public const int CompactLength = 64;

    private readonly Compact _compact;

    /// <summary>Takes r and s (32 bytes each) and the recovery id.</summary>
    /// <exception cref="ArgumentException">Not 64 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The id is not 0 to 3.</exception>
    public RecoverableSignature(ReadOnlySpan<byte> compact64, int recoveryId)
    {
        Lengths.Require(compact64, CompactLength, nameof(compact64));
        ArgumentOutOfRangeException.ThrowIfNegative(recoveryId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recoveryId, 3);
        compact64.CopyTo(_compact);
        RecoveryId = recoveryId;
    }

    /// <summary>0 to 3: the parity of R's y, plus 2 when R's x was not below the group order.</summary>
    public int RecoveryId { get; }

    /// <summary>r and s, 32 bytes each.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _compact;

    public bool Equals(RecoverableSignature other) => RecoveryId == other.RecoveryId && Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RecoverableSignature other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        hash.Add(RecoveryId);
        return hash.ToHashCode();
    }

    /// <summary>r and s in hex, a colon and the recovery id.</summary>
    public override string ToString() => $"{Convert.ToHexStringLower(Span)}:{RecoveryId}";

    public static bool operator ==(RecoverableSignature left, RecoverableSignature right) => left.Equals(right);

    public static bool operator !=(RecoverableSignature left, RecoverableSignature right) => !left.Equals(right);

    [InlineArray(CompactLength)]
    [SuppressMessage("Style", "IDE0044", Justification = "An inline array is written through its address.")]
    private struct Compact
    {
        private byte _element;
    }
}
