using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Wallets;

/// <summary>
/// Secrets that grow from the words of a wallet, by HKDF-SHA256 over the seed of BIP 39 and apart from what the wallet itself derives: one thing to
/// write down. Zeroed when it is disposed of.
/// </summary>
public sealed class RollupSeed : IDisposable
{
    private readonly byte[] _root;

    private RollupSeed(byte[] root) => _root = root;

    /// <summary>The secrets of a wallet.</summary>
    public static Result<RollupSeed, Refusal> Of(Wallet wallet, WalletPassphrase passphrase)
    {
        ArgumentNullException.ThrowIfNull(wallet);
        if (!wallet.RevealSeed(passphrase).TryGet(out var seed, out var refusal))
            return refusal;
        using (seed)
            return seed.Mnemonic is { } words ? Of(words) : new Refusal("wallet", "has no words: a rollup's wallet is made by 'rollup init' or 'rollup wallet create'");
    }

    /// <summary>The secrets of a sentence of BIP 39.</summary>
    public static RollupSeed Of(Mnemonic words)
    {
        ArgumentNullException.ThrowIfNull(words);
        using var derived = words.DeriveSeed("");
        Span<byte> bytes = stackalloc byte[Seed.LengthMax];
        derived.WriteTo(bytes);
        var root = new byte[Hkdf.PseudorandomKeyLength];
        Hkdf.Extract(bytes, "tributary/rollup/seed/1"u8, root);
        CryptographicOperations.ZeroMemory(bytes);
        return new RollupSeed(root);
    }

    /// <summary>The key that spends a rollup's anchors and signs receipts; the caller's to dispose of.</summary>
    public SecretKey OperatorKey() => Key("operator"u8);

    /// <summary>The key of the vault: deposits pay its x coordinate as a taproot output key, without a tweak; the caller's to dispose of.</summary>
    public SecretKey VaultKey() => Key("vault"u8);

    /// <summary>The key that shows a wallet's forced posts on Bitcoin; the caller's to dispose of.</summary>
    public SecretKey PostKey() => Key("posts"u8);

    /// <summary>The key of a swap's contract on Bitcoin; the caller's to dispose of.</summary>
    /// <param name="nonce">Of this swap alone, 16 bytes.</param>
    public SecretKey SwapKey(ReadOnlySpan<byte> nonce)
    {
        // One in 2¹²⁸ is no key: the next round is another.
        Span<byte> secret = stackalloc byte[32];
        for (byte round = 0; ; round++)
        {
            Hkdf.Expand(_root, [.. "swap key"u8, .. nonce, round], secret);
            var isKey = SecretKey.TryCreate(secret, out var key);
            CryptographicOperations.ZeroMemory(secret);
            if (isKey)
                return key!;
        }
    }

    /// <summary>What the client of a swap draws: 32 bytes that nobody else can know.</summary>
    /// <param name="nonce">Of this swap alone, 16 bytes.</param>
    public Bytes32 SwapPreimage(ReadOnlySpan<byte> nonce)
    {
        Span<byte> preimage = stackalloc byte[32];
        Hkdf.Expand(_root, [.. "swap preimage"u8, .. nonce], preimage);
        return new Bytes32(preimage);
    }

    /// <summary>The seed of an account's key, 32 bytes; the caller's to clear.</summary>
    /// <param name="account">Counts the accounts of this wallet from 0.</param>
    /// <param name="generation">Counts the account's keys from 0: each rotation takes the next.</param>
    public byte[] AccountSeed(uint account, uint generation)
    {
        Span<byte> info = stackalloc byte[16];
        "account\0"u8.CopyTo(info);
        BinaryPrimitives.WriteUInt32LittleEndian(info[8..], account);
        BinaryPrimitives.WriteUInt32LittleEndian(info[12..], generation);
        var seed = new byte[32];
        Hkdf.Expand(_root, info, seed);
        return seed;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_root);

    private SecretKey Key(ReadOnlySpan<byte> purpose)
    {
        // One in 2¹²⁸ is no key: the next round is another.
        Span<byte> info = stackalloc byte[16];
        Span<byte> secret = stackalloc byte[32];
        for (byte round = 0; ; round++)
        {
            info.Clear();
            purpose.CopyTo(info);
            info[^1] = round;
            Hkdf.Expand(_root, info, secret);
            var isKey = SecretKey.TryCreate(secret, out var key);
            CryptographicOperations.ZeroMemory(secret);
            if (isKey)
                return key!;
        }
    }
}
