namespace Tributary.Bitcoin.Encodings;

/// <summary>What a bech32 text says.</summary>
/// <param name="Prefix">The human-readable part, lower case.</param>
/// <param name="Data">Groups of five bits, without the checksum.</param>
/// <param name="Variant">Which checksum it carries.</param>
public sealed record Bech32Text(string Prefix, ReadOnlyMemory<byte> Data, Bech32Variant Variant);
