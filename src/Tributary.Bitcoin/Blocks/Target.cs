using System.Numerics;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Blocks;

/// <summary>
/// What a block's hash, read as a little-endian number of 256 bits, may be at most; in a header it stands in 32 bits: an exponent in bytes
/// and three bytes of mantissa, with a sign that no valid target has.
/// </summary>
public readonly record struct Target : IComparable<Target>
{
    private const uint MantissaMask = 0x007f_ffff;
    private const uint SignBit = 0x0080_0000;

    private Target(BigInteger value) => Value = value;

    /// <summary>The number.</summary>
    public BigInteger Value { get; }

    /// <summary>Hashes that it takes on average to find one that meets it: what chains are compared by.</summary>
    public BigInteger Work => (BigInteger.One << 256) / (Value + 1);

    /// <summary>Reads the compact form; false where it is zero, negative or beyond 256 bits, which no block may have.</summary>
    public static bool TryFromCompact(uint bits, out Target target)
    {
        var exponent = (int)(bits >> 24);
        var mantissa = bits & MantissaMask;
        var value = exponent <= 3 ? mantissa >> (8 * (3 - exponent)) : new BigInteger(mantissa) << (8 * (exponent - 3));
        var isNegative = mantissa != 0 && (bits & SignBit) != 0;
        target = new Target(value);
        return !value.IsZero && !isNegative && value >> 256 == 0;
    }

    /// <summary>The compact form, which drops the lower digits.</summary>
    public uint ToCompact()
    {
        var exponent = (int)((Value.GetBitLength() + 7) / 8);
        var mantissa = (uint)(exponent <= 3 ? Value << (8 * (3 - exponent)) : Value >> (8 * (exponent - 3)));

        // The top bit of the mantissa is the sign.
        if ((mantissa & SignBit) != 0)
        {
            mantissa >>= 8;
            exponent++;
        }

        return mantissa | ((uint)exponent << 24);
    }

    /// <summary>Is the hash low enough?</summary>
    public bool IsMetBy(BlockHash hash) => new BigInteger(hash.Value.Span, isUnsigned: true) <= Value;

    /// <summary>
    /// The target of the next 2,016 blocks: scaled by how long the last ones took, by a factor of four at most, and never above the limit.
    /// </summary>
    /// <param name="timespanSeconds">Seconds from the first to the last of the 2,016 blocks.</param>
    /// <param name="limit">The network's easiest target.</param>
    public Target Retarget(long timespanSeconds, Target limit)
    {
        const long wanted = 14 * 24 * 60 * 60;
        var scaled = Value * Math.Clamp(timespanSeconds, wanted / 4, wanted * 4) / wanted;
        var next = new Target(BigInteger.Min(scaled, limit.Value));
        return TryFromCompact(next.ToCompact(), out var rounded) ? rounded : limit;
    }

    public int CompareTo(Target other) => Value.CompareTo(other.Value);

    /// <summary>64 hex digits, the highest first.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        bytes.Clear();
        Value.TryWriteBytes(bytes, out _, isUnsigned: true);
        bytes.Reverse();
        return Hex.Encode(bytes);
    }

    public static bool operator <(Target left, Target right) => left.CompareTo(right) < 0;

    public static bool operator >(Target left, Target right) => left.CompareTo(right) > 0;

    public static bool operator <=(Target left, Target right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Target left, Target right) => left.CompareTo(right) >= 0;
}
