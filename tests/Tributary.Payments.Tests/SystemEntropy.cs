using System.Security.Cryptography;
using Tributary.Primitives.Contracts;

namespace Tributary.Payments.Tests;

/// <summary>The operating system's generator.</summary>
internal sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
