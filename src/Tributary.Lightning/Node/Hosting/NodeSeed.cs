using System.Security.Cryptography;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Hosting;

/// <summary>Derives a node's secrets from the words of its wallet: one thing to write down.</summary>
public static class NodeSeed
{
    /// <summary>Variable of the passphrase that seals the words at rest; without it they lie in the folder for its owner to read.</summary>
    public const string PassphraseVariable = "TRIBUTARY_WALLET_PASSPHRASE";

    /// <summary>The passphrase of the environment, or none.</summary>
    /// <param name="environment">Looks a variable up.</param>
    public static Result<WalletPassphrase, Refusal> Passphrase(Func<string, string?> environment) =>
        environment(PassphraseVariable) is { Length: > 0 } text ? WalletPassphrase.Create(text) : WalletPassphrase.None;

    /// <summary>The keys of a wallet's words: HKDF-SHA256 over the seed of BIP 39, apart from what the wallet itself derives.</summary>
    public static Result<NodeKeys, Refusal> Keys(Wallet wallet, WalletPassphrase passphrase) =>
        Derive<NodeKeys>(wallet, passphrase, "tributary/lightning/seed/1"u8, static root => NodeKeys.FromSeed(root));

    /// <inheritdoc cref="Keys(Wallet, WalletPassphrase)"/>
    public static NodeKeys Keys(Mnemonic words) => Derive<NodeKeys>(words, "tributary/lightning/seed/1"u8, static root => NodeKeys.FromSeed(root));

    /// <summary>A secret for those who take payments by the node, apart from the node's own; 32 bytes, the caller's to dispose of.</summary>
    public static Result<SecretBytes, Refusal> PaymentSecret(Wallet wallet, WalletPassphrase passphrase) =>
        Derive<SecretBytes>(wallet, passphrase, "tributary/payments/lightning/1"u8, static root => new SecretBytes(root));

    private static Result<T, Refusal> Derive<T>(Wallet wallet, WalletPassphrase passphrase, ReadOnlySpan<byte> salt, Func<ReadOnlySpan<byte>, T> make)
        where T : notnull
    {
        if (!wallet.RevealSeed(passphrase).TryGet(out var seed, out var refusal))
            return refusal;
        using (seed)
        {
            return seed.Mnemonic is { } words ? Derive(words, salt, make) : new Refusal("wallet", "has no words: a node's wallet is made by the node");
        }
    }

    private static T Derive<T>(Mnemonic words, ReadOnlySpan<byte> salt, Func<ReadOnlySpan<byte>, T> make)
    {
        using var derived = words.DeriveSeed("");
        Span<byte> bytes = stackalloc byte[Seed.LengthMax];
        Span<byte> root = stackalloc byte[32];
        derived.WriteTo(bytes);
        Hkdf.Extract(bytes, salt, root);
        try
        {
            return make(root);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(root);
        }
    }
}
