using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Onions;

/// <summary>One layer less of an onion.</summary>
/// <param name="Payload">The TLV stream for us, without its length.</param>
/// <param name="SharedSecret">What we share with the sender: an error goes back under it.</param>
/// <param name="Next">The onion for the next hop; null when we are the last.</param>
public sealed record PeeledOnion(ReadOnlyMemory<byte> Payload, Bytes32 SharedSecret, ReadOnlyMemory<byte>? Next)
{
    /// <summary>True when there is no hop after us.</summary>
    public bool IsFinal => Next is null;
}
