using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>Our own per-commitment secrets, all from one seed (BOLT 3, "Per-commitment Secret Requirements").</summary>
public sealed class PerCommitmentSecrets : IDisposable
{
    private readonly SecretBytes _seed;

    /// <summary>Takes a copy of a seed of 32 bytes.</summary>
    public PerCommitmentSecrets(ReadOnlySpan<byte> seed32)
    {
        if (seed32.Length != Bytes32.Length)
            throw new ArgumentException("A seed takes 32 bytes.", nameof(seed32));
        _seed = new SecretBytes(seed32);
    }

    /// <summary>
    /// Writes the secret of a commitment, which goes out when that commitment is revoked: never one of a commitment that may still be
    /// broadcast.
    /// </summary>
    /// <param name="commitmentNumber">Counts from zero; the index of the tree counts down.</param>
    /// <param name="secret32">Takes the secret.</param>
    public void WriteSecret(ulong commitmentNumber, Span<byte> secret32)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(commitmentNumber, CommitmentNumber.Max);
        SecretTree.Derive(_seed.Reveal(), 48, CommitmentNumber.Max - commitmentNumber, secret32);
    }

    /// <summary>The point of a commitment, which the peer needs to build it.</summary>
    public PublicKey Point(ulong commitmentNumber)
    {
        Span<byte> secret = stackalloc byte[Bytes32.Length];
        WriteSecret(commitmentNumber, secret);
        var isKey = SecretKey.TryCreate(secret, out var key);
        CryptographicOperations.ZeroMemory(secret);
        if (!isKey)
            throw new InvalidOperationException("A hash came out as no key: one in 2^127 does.");
        using (key)
            return key!.PublicKey;
    }

    public void Dispose() => _seed.Dispose();
}
