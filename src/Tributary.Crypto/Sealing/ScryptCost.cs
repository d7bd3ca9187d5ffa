using System.Diagnostics.CodeAnalysis;

namespace Tributary.Crypto;

/// <summary>
/// What deriving a key by scrypt costs (RFC 7914): <c>2^LogRounds</c> blocks of <c>128 × BlockSize</c> bytes of memory, gone through
/// <c>Parallelism</c> times.
/// </summary>
public readonly struct ScryptCost : IEquatable<ScryptCost>
{
    private const long MemoryBytesMax = 1L << 28;

    private ScryptCost(int logRounds, int blockSize, int parallelism) =>
        (LogRounds, BlockSize, Parallelism) = (logRounds, blockSize, parallelism);

    /// <summary>64 MiB, twice: what OWASP's guide sets beside 128 MiB once.</summary>
    public static ScryptCost Default { get; } = new(16, 8, 2);

    /// <summary>The most that is accepted from a stored header: 256 MiB, sixteen times.</summary>
    public static ScryptCost Maximum { get; } = new(18, 8, 16);

    /// <summary>The binary logarithm of RFC 7914's N.</summary>
    public int LogRounds { get; }

    /// <summary>RFC 7914's r.</summary>
    public int BlockSize { get; }

    /// <summary>RFC 7914's p.</summary>
    public int Parallelism { get; }

    /// <summary>Memory that the derivation takes.</summary>
    public long MemoryBytes => 128L * BlockSize << LogRounds;

    /// <summary>Memory times passes: what the time grows with.</summary>
    public long Work => MemoryBytes * Parallelism;

    /// <summary>True for parameters that make sense and take at most 256 MiB.</summary>
    public static bool TryCreate(int logRounds, int blockSize, int parallelism, out ScryptCost cost)
    {
        // RFC 7914 asks for N below 2^(16 r), which matters for r = 1 alone.
        if (logRounds is >= 1 and <= 20 && blockSize is >= 1 and <= 32 && parallelism is >= 1 and <= 16 && logRounds < 16 * blockSize)
        {
            cost = new ScryptCost(logRounds, blockSize, parallelism);
            if (cost.MemoryBytes <= MemoryBytesMax)
                return true;
        }

        cost = default;
        return false;
    }

    public bool Equals(ScryptCost other) => (LogRounds, BlockSize, Parallelism) == (other.LogRounds, other.BlockSize, other.Parallelism);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ScryptCost other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(LogRounds, BlockSize, Parallelism);

    /// <summary>"N=2^16 r=8 p=2".</summary>
    public override string ToString() => $"N=2^{LogRounds} r={BlockSize} p={Parallelism}";

    public static bool operator ==(ScryptCost left, ScryptCost right) => left.Equals(right);

    public static bool operator !=(ScryptCost left, ScryptCost right) => !left.Equals(right);
}
