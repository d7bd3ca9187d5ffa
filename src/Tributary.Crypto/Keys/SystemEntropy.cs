using System.Security.Cryptography;
using Tributary.Primitives.Contracts;

namespace Tributary.Crypto;

/// <summary>The operating system's generator: the entropy of production.</summary>
public sealed class SystemEntropy : IEntropy
{
    private SystemEntropy()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static SystemEntropy Instance { get; } = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
