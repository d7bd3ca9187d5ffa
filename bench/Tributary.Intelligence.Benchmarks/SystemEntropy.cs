using System.Security.Cryptography;
using Tributary.Primitives.Contracts;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>The operating system's entropy.</summary>
internal sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
