using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Encodings;

/// <summary>Base58 with the first four bytes of a double SHA-256 behind the payload: legacy addresses, WIF keys, extended keys.</summary>
public static class Base58Check
{
    private const int ChecksumLength = 4;

    /// <summary>Encodes a payload (version bytes included) with its checksum.</summary>
    public static string Encode(ReadOnlySpan<byte> payload)
    {
        Span<byte> bytes = payload.Length <= 124 ? stackalloc byte[payload.Length + ChecksumLength] : new byte[payload.Length + ChecksumLength];
        payload.CopyTo(bytes);
        Hashes.Sha256d(payload).Span[..ChecksumLength].CopyTo(bytes[payload.Length..]);
        var text = Base58.Encode(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>Decodes text into a payload of at most <paramref name="maxPayloadBytes"/> bytes whose checksum is right.</summary>
    public static Result<byte[], Refusal> Decode(ReadOnlySpan<char> text, int maxPayloadBytes)
    {
        if (!Base58.Decode(text, maxPayloadBytes + ChecksumLength).TryGet(out var bytes, out var refusal))
            return refusal;
        if (bytes.Length < ChecksumLength)
            return new Refusal("base58", "is too short to hold a checksum");

        var payload = bytes.AsSpan(0, bytes.Length - ChecksumLength);
        var sum = Hashes.Sha256d(payload);
        if (!sum.Span[..ChecksumLength].SequenceEqual(bytes.AsSpan(payload.Length)))
            return new Refusal("checksum", "does not match: a character is mistyped or missing");

        var result = payload.ToArray();
        CryptographicOperations.ZeroMemory(bytes);
        return result;
    }
}
