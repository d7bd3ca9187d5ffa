using Tributary.Crypto;

namespace Tributary.Lightning.Commitments;

/// <summary>
/// A commitment's number as its transaction hides it (BOLT 3): 48 bits, XORed with a factor that only the two sides know, in the lock time and
/// the sequence.
/// </summary>
public static class CommitmentNumber
{
    /// <summary>The last number that 48 bits hold.</summary>
    public const ulong Max = (1UL << 48) - 1;

    /// <summary>The factor: the last 48 bits of a hash of both payment basepoints, the opener's first.</summary>
    public static ulong ObscuringFactor(in PublicKey openerPaymentBasepoint, in PublicKey accepterPaymentBasepoint)
    {
        Span<byte> both = stackalloc byte[2 * PublicKey.CompressedLength];
        openerPaymentBasepoint.WriteCompressed(both);
        accepterPaymentBasepoint.WriteCompressed(both[PublicKey.CompressedLength..]);
        Span<byte> hash = stackalloc byte[32];
        Hashes.Sha256(both, hash);
        ulong factor = 0;
        foreach (var part in hash[26..])
            factor = (factor << 8) | part;
        return factor;
    }

    /// <summary>The lock time and sequence of a commitment transaction.</summary>
    public static (uint LockTime, uint Sequence) Obscure(ulong number, ulong factor)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Max);
        var obscured = number ^ factor;
        return (0x2000_0000 | (uint)(obscured & 0xff_ffff), 0x8000_0000 | (uint)(obscured >> 24));
    }

    /// <summary>The number that a transaction hides; false when its lock time and sequence are no commitment's.</summary>
    public static bool TryReveal(uint lockTime, uint sequence, ulong factor, out ulong number)
    {
        number = (((ulong)(sequence & 0xff_ffff) << 24) | (lockTime & 0xff_ffff)) ^ factor;
        return lockTime >> 24 == 0x20 && sequence >> 24 == 0x80;
    }
}
