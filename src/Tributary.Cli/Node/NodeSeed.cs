using System.Security.Cryptography;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node;

/// <summary>Derives the node's Lightning keys from the words of its wallet: one thing to write down.</summary>
internal static class NodeSeed
{
    /// <summary>Variable of the passphrase that seals the words at rest; without it they lie in the folder for its owner to read.</summary>
    internal const string PassphraseVariable = "TRIBUTARY_WALLET_PASSPHRASE";

    internal static Result<WalletPassphrase, Refusal> Passphrase() =>
        Environment.GetEnvironmentVariable(PassphraseVariable) is { Length: > 0 } text ? WalletPassphrase.Create(text) : WalletPassphrase.None;

    /// <summary>The keys of a wallet's words: HKDF-SHA256 over the seed of BIP 39, apart from what the wallet itself derives.</summary>
    internal static Result<NodeKeys, Refusal> Keys(Wallet wallet, WalletPassphrase passphrase)
    {
        if (!wallet.RevealSeed(passphrase).TryGet(out var seed, out var refusal))
            return refusal;
        using (seed)
        {
            if (seed.Mnemonic is not { } words)
                return new Refusal("wallet", "has no words: a node's wallet is made by the node");
            return Keys(words);
        }
    }

    /// <inheritdoc cref="Keys(Wallet, WalletPassphrase)"/>
    internal static NodeKeys Keys(Mnemonic words)
    {
        using var derived = words.DeriveSeed("");
        Span<byte> bytes = stackalloc byte[Seed.LengthMax];
        Span<byte> root = stackalloc byte[32];
        derived.WriteTo(bytes);
        Hkdf.Extract(bytes, "tributary/lightning/seed/1"u8, root);
        try
        {
            return NodeKeys.FromSeed(root);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(root);
        }
    }
}
