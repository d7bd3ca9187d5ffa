using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>The 78 bytes behind the text of an extended key (BIP 32, serialization format) and one step of derivation.</summary>
internal static class ExtendedKeyPayload
{
    internal const int Length = 78;
    internal const int ChainCodeLength = 32;

    /// <summary>The most characters of a text.</summary>
    internal static readonly int TextLengthMax = Base58Check.TextLengthMax(Length);

    private const int DepthPlace = 4;
    private const int ParentPlace = 5;
    private const int IndexPlace = 9;
    private const int ChainCodePlace = 13;
    private const int KeyPlace = 45;

    private const uint MainnetPrivate = 0x0488ade4;
    private const uint MainnetPublic = 0x0488b21e;
    private const uint TestnetPrivate = 0x04358394;
    private const uint TestnetPublic = 0x043587cf;

    internal static ReadOnlySpan<byte> ChainCode(ReadOnlySpan<byte> payload) => payload.Slice(ChainCodePlace, ChainCodeLength);

    internal static ReadOnlySpan<byte> Key(ReadOnlySpan<byte> payload) => payload[KeyPlace..];

    /// <summary>Writes all but the key and returns the place of its 33 bytes.</summary>
    internal static Span<byte> Write(Span<byte> payload, ExtendedKeyOrigin origin, bool isPrivate, ReadOnlySpan<byte> chainCode)
    {
        var version = (origin.Network, isPrivate) switch
        {
            (ExtendedKeyNetwork.Mainnet, true) => MainnetPrivate,
            (ExtendedKeyNetwork.Mainnet, false) => MainnetPublic,
            (_, true) => TestnetPrivate,
            _ => TestnetPublic,
        };
        BinaryPrimitives.WriteUInt32BigEndian(payload, version);
        payload[DepthPlace] = origin.Depth;
        origin.Parent.WriteTo(payload[ParentPlace..]);
        BinaryPrimitives.WriteUInt32BigEndian(payload[IndexPlace..], origin.Index.Raw);
        chainCode.CopyTo(payload[ChainCodePlace..]);
        return payload[KeyPlace..];
    }

    /// <summary>Decodes text into the 78 bytes; null, or the refusal.</summary>
    internal static Refusal? Decode(ReadOnlySpan<char> text, Span<byte> payload) => Base58Check.TryDecode(text, payload) switch
    {
        Base58CheckOutcome.NotBase58 => new Refusal("extended key", "has a character that base58 does not have"),
        Base58CheckOutcome.WrongLength => new Refusal("extended key", "has not the length of an extended key"),
        Base58CheckOutcome.WrongChecksum => new Refusal("extended key", "has a wrong checksum: a character is wrong or missing"),
        _ => null,
    };

    /// <summary>Reads all but the key; null, or the refusal.</summary>
    internal static Refusal? ReadOrigin(ReadOnlySpan<byte> payload, bool isPrivate, out ExtendedKeyOrigin origin)
    {
        origin = ExtendedKeyOrigin.Master(ExtendedKeyNetwork.Mainnet);
        var expected = isPrivate ? "an extended private key (xprv or tprv)" : "an extended public key (xpub or tpub)";
        ExtendedKeyNetwork network;
        switch (BinaryPrimitives.ReadUInt32BigEndian(payload))
        {
            case MainnetPrivate when isPrivate:
            case MainnetPublic when !isPrivate:
                network = ExtendedKeyNetwork.Mainnet;
                break;
            case TestnetPrivate when isPrivate:
            case TestnetPublic when !isPrivate:
                network = ExtendedKeyNetwork.Testnet;
                break;
            default:
                return new Refusal("extended key", $"has not the version of {expected}");
        }

        origin = new ExtendedKeyOrigin(
            network,
            payload[DepthPlace],
            KeyFingerprint.FromBytes(payload.Slice(ParentPlace, KeyFingerprint.Length)),
            ChildIndex.FromRaw(BinaryPrimitives.ReadUInt32BigEndian(payload[IndexPlace..])));
        return origin.Depth == 0 && (!origin.Parent.IsZero || origin.Index.Raw != 0)
            ? new Refusal("extended key", "is a master key by its depth and a child by its parent or index")
            : null;
    }

    /// <summary>BIP 32's CKD: HMAC-SHA-512 of 33 bytes and the index under the chain code.</summary>
    internal static void Derive(ReadOnlySpan<byte> chainCode, ReadOnlySpan<byte> data33, ChildIndex index, Span<byte> tweakAndChainCode64)
    {
        Span<byte> data = stackalloc byte[33 + sizeof(uint)];
        data33.CopyTo(data);
        BinaryPrimitives.WriteUInt32BigEndian(data[33..], index.Raw);
        Hashes.HmacSha512(chainCode, data, tweakAndChainCode64);
        CryptographicOperations.ZeroMemory(data);
    }

    /// <summary>Why a key has no such child, or null.</summary>
    internal static Refusal? RefuseDepth(ExtendedKeyOrigin origin) =>
        origin.Depth == byte.MaxValue ? new Refusal("path", $"leads below depth {byte.MaxValue}") : null;

    /// <summary>Happens once in 2^127 indices.</summary>
    internal static Refusal NoSuchChild(ChildIndex index) => new("path", $"there is no key at {index}; take the next index");
}
