namespace Tributary.Lightning.Onions;

/// <summary>What is wrong with a hop's payload, as <c>invalid_onion_payload</c> reports it.</summary>
/// <param name="TlvType">The record at fault; zero when the stream itself is.</param>
/// <param name="Offset">Where it begins in the payload.</param>
/// <param name="Reason">In words.</param>
public sealed record PayloadFault(ulong TlvType, ushort Offset, string Reason);
