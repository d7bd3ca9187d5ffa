using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Onions;

/// <summary>An onion for the first hop, and the secret that its sender shares with each hop: errors come back under them.</summary>
public sealed record BuiltOnion(ReadOnlyMemory<byte> Packet, IReadOnlyList<Bytes32> SharedSecrets);
