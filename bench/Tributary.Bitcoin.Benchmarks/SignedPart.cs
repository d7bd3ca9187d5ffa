namespace Tributary.Bitcoin.Benchmarks;

/// <summary>What one signature check needs, pinned, and the witness that carries it.</summary>
internal sealed record SignedPart(byte[] Key, byte[] Signature, byte[] Hash, byte[][] Witness);
