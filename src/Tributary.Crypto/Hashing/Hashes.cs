using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Tributary.Primitives.Bytes;

namespace Tributary.Crypto;

/// <summary>The hash functions of Bitcoin and Lightning over one span. Nothing here allocates, HMAC-SHA-512 excepted; input and output may overlap.</summary>
public static class Hashes
{
    /// <summary>SHA-256 into the first 32 bytes.</summary>
    public static void Sha256(ReadOnlySpan<byte> data, Span<byte> hash32)
    {
        Lengths.RequireRoom(hash32, 32, nameof(hash32));
        var state = Sha256State.Initial;
        var whole = data.Length - (data.Length % Sha256Compression.BlockLength);
        if (whole != 0)
            Sha256Compression.Compress(ref state, data[..whole]);
        Sha256Final.Write(ref state, data[whole..], (ulong)data.Length, hash32);
    }

    /// <summary>SHA-256.</summary>
    public static Bytes32 Sha256(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        Sha256(data, hash);
        return new Bytes32(hash);
    }

    /// <summary>SHA-256 of SHA-256 into the first 32 bytes: Bitcoin's ids and checksums.</summary>
    public static void Sha256d(ReadOnlySpan<byte> data, Span<byte> hash32)
    {
        Sha256(data, hash32);
        Sha256(hash32[..32], hash32);
    }

    /// <summary>SHA-256 of SHA-256.</summary>
    public static Bytes32 Sha256d(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        Sha256d(data, hash);
        return new Bytes32(hash);
    }

    /// <summary>RIPEMD-160 of SHA-256 into the first 20 bytes: key and script hashes.</summary>
    public static void Hash160(ReadOnlySpan<byte> data, Span<byte> hash20)
    {
        Span<byte> inner = stackalloc byte[32];
        Sha256(data, inner);
        Ripemd160(inner, hash20);
    }

    /// <summary>RIPEMD-160 into the first 20 bytes.</summary>
    public static void Ripemd160(ReadOnlySpan<byte> data, Span<byte> hash20)
    {
        Lengths.RequireRoom(hash20, 20, nameof(hash20));
        Ripemd160Compression.Hash(data, hash20);
    }

    /// <summary>SHA-1 into the first 20 bytes: only because script has OP_SHA1.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Consensus needs OP_SHA1.")]
    public static void Sha1(ReadOnlySpan<byte> data, Span<byte> hash20)
    {
        Lengths.RequireRoom(hash20, 20, nameof(hash20));
        SHA1.HashData(data, hash20);
    }

    /// <summary>SHA-512 into the first 64 bytes.</summary>
    public static void Sha512(ReadOnlySpan<byte> data, Span<byte> hash64)
    {
        Lengths.RequireRoom(hash64, 64, nameof(hash64));
        SHA512.HashData(data, hash64);
    }

    /// <summary>BIP 340's tagged hash. A tag that is used again and again is cheaper as a <see cref="TaggedHasher"/>.</summary>
    public static Bytes32 TaggedHash(ReadOnlySpan<byte> tagUtf8, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        var stream = new Sha256Stream(TaggedHasher.Midstate(tagUtf8), TaggedHasher.MidstateLength);
        stream.Append(data);
        stream.Finish(hash);
        return new Bytes32(hash);
    }

    /// <summary>HMAC-SHA-256 into the first 32 bytes.</summary>
    public static void HmacSha256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac32)
    {
        Lengths.RequireRoom(mac32, 32, nameof(mac32));

        // RFC 2104 on our own stream: the platform's one-shot call allocates.
        Span<byte> pad = stackalloc byte[Sha256Compression.BlockLength];
        pad.Clear();
        if (key.Length > pad.Length)
            Sha256(key, pad);
        else
            key.CopyTo(pad);
        Flip(pad, 0x36);
        var stream = default(Sha256Stream);
        stream.Append(pad);
        stream.Append(data);
        stream.Finish(mac32);
        Flip(pad, 0x36 ^ 0x5c);
        stream.Append(pad);
        stream.Append(mac32[..32]);
        stream.Finish(mac32);
        CryptographicOperations.ZeroMemory(pad);
    }

    /// <summary>HMAC-SHA-512 into the first 64 bytes, by the platform (which allocates a handle).</summary>
    public static void HmacSha512(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac64)
    {
        Lengths.RequireRoom(mac64, 64, nameof(mac64));
        HMACSHA512.HashData(key, data, mac64);
    }

    private static void Flip(Span<byte> pad, byte mask)
    {
        foreach (ref var value in pad)
            value ^= mask;
    }
}
