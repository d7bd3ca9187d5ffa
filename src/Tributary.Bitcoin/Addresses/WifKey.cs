using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Tributary.Bitcoin.Encodings;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Addresses;

/// <summary>A secret key in wallet import format: the key, and whether its public key is written compressed. Owns the key.</summary>
public sealed class WifKey(SecretKey secretKey, bool isCompressed) : IDisposable
{
    public SecretKey SecretKey { get; } = secretKey;

    /// <summary>True where the public key takes 33 bytes in scripts, false for the old 65.</summary>
    public bool IsCompressed { get; } = isCompressed;

    /// <summary>Reads a key of a network (test networks share one prefix).</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the key.")]
    public static Result<WifKey, Refusal> Parse(ReadOnlySpan<char> text, BitcoinNetwork network)
    {
        if (!Base58Check.Decode(text, maxPayloadBytes: 34).TryGet(out var bytes, out var refusal))
            return refusal with { Field = $"key.{refusal.Field}" };

        try
        {
            if (bytes.Length == 0 || !BitcoinNetwork.All.Any(known => known.SecretKeyPrefix == bytes[0]))
                return new Refusal("key.version", "is not that of a secret key");
            if (bytes[0] != network.SecretKeyPrefix)
                return new Refusal("key", $"is a {(bytes[0] == BitcoinNetwork.Mainnet.SecretKeyPrefix ? "mainnet" : "testnet")} key; {network} is expected");

            var isCompressed = bytes.Length == SecretKey.Length + 2;
            if (bytes.Length - 1 != SecretKey.Length && !isCompressed)
                return new Refusal("key", $"takes {SecretKey.Length} bytes and a flag");
            if (isCompressed && bytes[^1] != 1)
                return new Refusal("key.flag", "is neither absent nor 1");
            return SecretKey.TryCreate(bytes.AsSpan(1, SecretKey.Length), out var key)
                ? new WifKey(key, isCompressed)
                : new Refusal("key", "is zero or not below the order of the group");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Writes the secret. The text is a secret too, and .NET strings can't be erased: for exports a user asks for.</summary>
    public string ToSecretString(BitcoinNetwork network)
    {
        Span<byte> bytes = stackalloc byte[SecretKey.Length + 2];
        bytes[0] = network.SecretKeyPrefix;
        SecretKey.WriteTo(bytes.Slice(1, SecretKey.Length));
        bytes[^1] = 1;
        var text = Base58Check.Encode(IsCompressed ? bytes : bytes[..^1]);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    public void Dispose() => SecretKey.Dispose();

    public override string ToString() => "secret key";
}
