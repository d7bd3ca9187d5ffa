using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Wire;

/// <summary>A channel's id on the wire (BOLT 2): temporary and random until there is a funding transaction, then made from its output.</summary>
public readonly record struct ChannelId(Bytes32 Value)
{
    /// <summary>What an error or warning about the whole connection names: 32 zero bytes.</summary>
    public static ChannelId All => default;

    /// <summary>The id of a funded channel: the transaction id with its last two bytes XORed with the output index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An output index that two bytes cannot hold: such an output funds no channel.</exception>
    public static ChannelId Of(OutPoint funding)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(funding.Index, ushort.MaxValue, nameof(funding));
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        funding.TxId.Value.Span.CopyTo(bytes);
        bytes[30] ^= (byte)(funding.Index >> 8);
        bytes[31] ^= (byte)funding.Index;
        return new ChannelId(new Bytes32(bytes));
    }

    public override string ToString() => Value.ToString();
}
