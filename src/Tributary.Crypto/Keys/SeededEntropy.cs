using System.Buffers.Binary;
using Tributary.Primitives.Contracts;

namespace Tributary.Crypto;

/// <summary>
/// Entropy that repeats: the ChaCha20 keystream of a seed. For simulations and tests that are replayed; keys made with it are known to
/// everyone who knows the seed. Not for concurrent use.
/// </summary>
public sealed class SeededEntropy : IEntropy
{
    private readonly Primitives.Bytes.Bytes32 _key;
    private ulong _calls;

    /// <summary>Starts the stream of this seed.</summary>
    public SeededEntropy(ulong seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        _key = Hashes.TaggedHash("Tributary/SeededEntropy"u8, bytes);
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        // Each call has a nonce of its own, so that no request reaches the end of the block counter.
        Span<byte> nonce = stackalloc byte[ChaCha20.NonceLength];
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _calls++);
        ChaCha20.Keystream(_key.Span, nonce, blockCounter: 0, destination);
    }
}
