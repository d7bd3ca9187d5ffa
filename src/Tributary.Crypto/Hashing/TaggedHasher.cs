using System.Text;
using Tributary.Primitives.Bytes;

namespace Tributary.Crypto;

/// <summary>BIP 340's tagged hash, SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ data), with the first block done once. Immutable; safe for all threads.</summary>
public sealed class TaggedHasher
{
    /// <summary>Bytes that the midstate stands for.</summary>
    internal const ulong MidstateLength = Sha256Compression.BlockLength;

    private readonly Sha256State _midstate;

    /// <summary>Prepares the hash of this tag, in UTF-8.</summary>
    public TaggedHasher(ReadOnlySpan<byte> tagUtf8) => _midstate = Midstate(tagUtf8);

    /// <summary>Prepares the hash of this tag.</summary>
    public TaggedHasher(string tag)
        : this(Encoding.UTF8.GetBytes(tag))
    {
    }

    /// <summary>A stream for data in pieces; finish it once (it starts over without the tag).</summary>
    public Sha256Stream Start() => new(_midstate, MidstateLength);

    /// <summary>The hash into the first 32 bytes.</summary>
    public void Hash(ReadOnlySpan<byte> data, Span<byte> hash32)
    {
        var stream = Start();
        stream.Append(data);
        stream.Finish(hash32);
    }

    /// <summary>The hash.</summary>
    public Bytes32 Hash(ReadOnlySpan<byte> data) => HashPair(data, default);

    /// <summary>The hash of two pieces, one after the other.</summary>
    public Bytes32 HashPair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> hash = stackalloc byte[32];
        var stream = Start();
        stream.Append(first);
        stream.Append(second);
        stream.Finish(hash);
        return new Bytes32(hash);
    }

    internal static Sha256State Midstate(ReadOnlySpan<byte> tagUtf8)
    {
        Span<byte> block = stackalloc byte[Sha256Compression.BlockLength];
        Hashes.Sha256(tagUtf8, block);
        block[..32].CopyTo(block[32..]);
        var state = Sha256State.Initial;
        Sha256Compression.Compress(ref state, block);
        return state;
    }
}
