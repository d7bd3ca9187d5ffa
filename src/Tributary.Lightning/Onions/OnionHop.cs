using Tributary.Crypto;

namespace Tributary.Lightning.Onions;

/// <summary>A hop of an onion: its node id (blinded or not) and the TLV stream that it is to read, without its length.</summary>
public readonly record struct OnionHop(PublicKey NodeId, ReadOnlyMemory<byte> Payload);
