using System.Security.Cryptography;
using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets;

/// <summary>The secret that a wallet's keys grow from: a sentence of BIP 39, or a bare seed. Zeroed on Dispose, never printed.</summary>
public sealed class WalletSeed : IDisposable
{
    private const byte MnemonicForm = 1;
    private const byte SeedForm = 2;
    private const int EntropyLengthMax = 32;

    private readonly Seed _seed;

    private WalletSeed(Seed seed, Mnemonic? mnemonic, string extension)
    {
        _seed = seed;
        Mnemonic = mnemonic;
        Extension = extension;
    }

    /// <summary>The sentence to write down; null for a bare seed.</summary>
    public Mnemonic? Mnemonic { get; }

    /// <summary>BIP 39's passphrase, which is part of the seed and has to be written down too; most often empty.</summary>
    private string Extension { get; }

    /// <summary>A fresh sentence.</summary>
    public static WalletSeed Generate(IEntropy entropy, int wordCount = 12) => FromMnemonic(Crypto.Mnemonic.Generate(entropy, wordCount));

    /// <summary>Takes the sentence over.</summary>
    public static WalletSeed FromMnemonic(Mnemonic mnemonic, string extension = "") => new(mnemonic.DeriveSeed(extension), mnemonic, extension);

    /// <summary>Takes the seed over.</summary>
    public static WalletSeed FromSeed(Seed seed) => new(seed, mnemonic: null, extension: "");

    public void Dispose()
    {
        _seed.Dispose();
        Mnemonic?.Dispose();
    }

    /// <summary>Never the seed.</summary>
    public override string ToString() => "(wallet seed)";

    internal Result<ExtendedPrivateKey, Refusal> ToMaster(BitcoinNetwork network) =>
        ExtendedPrivateKey.FromSeed(_seed, network == BitcoinNetwork.Mainnet ? ExtendedKeyNetwork.Mainnet : ExtendedKeyNetwork.Testnet);

    /// <summary>The seed as it is stored: sealed, or in the clear where there is no passphrase.</summary>
    internal Result<Records.WalletRecord.SeedStored, Refusal> Seal(WalletPassphrase passphrase, BitcoinNetwork network, IEntropy entropy, ScryptCost cost)
    {
        using var content = Encode();
        if (passphrase.Text is null)
            return new Records.WalletRecord.SeedStored(IsSealed: false, content.Reveal().ToArray());
        return SecretBox.Seal(content.Reveal(), passphrase.Text, Context(network), entropy, cost)
            .Then<Records.WalletRecord.SeedStored>(static box => new Records.WalletRecord.SeedStored(IsSealed: true, box));
    }

    /// <summary>Reads what <see cref="Seal"/> stored.</summary>
    internal static Result<WalletSeed, Refusal> Open(Records.WalletRecord.SeedStored stored, WalletPassphrase passphrase, BitcoinNetwork network)
    {
        if (!stored.IsSealed)
            return passphrase.Text is null ? Decode(stored.Content.Span) : new Refusal("passphrase", "is given for a wallet that has none");
        if (passphrase.Text is null)
            return new Refusal("passphrase", "is missing: the wallet's seed is sealed");
        if (!SecretBox.Open(stored.Content.Span, passphrase.Text, Context(network)).TryGet(out var content, out var refusal))
            return refusal;
        using (content)
            return Decode(content.Reveal());
    }

    // A box of another network's wallet does not open.
    private static byte[] Context(BitcoinNetwork network) => Encoding.UTF8.GetBytes($"Tributary wallet seed, {network.Name}");

    private SecretBytes Encode()
    {
        Span<byte> buffer = stackalloc byte[1 + Seed.LengthMax];
        if (Mnemonic is null)
        {
            buffer[0] = SeedForm;
            _seed.WriteTo(buffer[1..]);
            var bare = new SecretBytes(buffer[..(1 + _seed.Length)]);
            CryptographicOperations.ZeroMemory(buffer);
            return bare;
        }

        var extension = Encoding.UTF8.GetBytes(Extension);
        var all = new byte[2 + EntropyLengthMax + extension.Length];
        var length = Mnemonic.WriteEntropy(all.AsSpan(2));
        (all[0], all[1]) = (MnemonicForm, (byte)length);
        extension.CopyTo(all, 2 + length);
        var content = new SecretBytes(all.AsSpan(0, 2 + length + extension.Length));
        CryptographicOperations.ZeroMemory(all);
        CryptographicOperations.ZeroMemory(extension);
        return content;
    }

    private static Result<WalletSeed, Refusal> Decode(ReadOnlySpan<byte> content)
    {
        if (content.Length > 1 && content[0] == SeedForm)
            return Seed.Create(content[1..]).Then<WalletSeed>(static seed => FromSeed(seed));
        if (content.Length < 2 || content[0] != MnemonicForm || content.Length < 2 + content[1])
            return new Refusal("wallet.seed", "is of a form that this program does not know");
        var extension = Encoding.UTF8.GetString(content[(2 + content[1])..]);
        return Crypto.Mnemonic.FromEntropy(content.Slice(2, content[1])).Then<WalletSeed>(mnemonic => FromMnemonic(mnemonic, extension));
    }
}
