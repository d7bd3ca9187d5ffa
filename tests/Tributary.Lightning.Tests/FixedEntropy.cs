using Tributary.Primitives.Contracts;

namespace Tributary.Lightning.Tests;

/// <summary>The bytes of a vector in place of random ones.</summary>
internal sealed class FixedEntropy(byte[] bytes) : IEntropy
{
    public void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
}
