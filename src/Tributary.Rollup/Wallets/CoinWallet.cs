using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Wallets;

/// <summary>The wallet of bitcoins in a folder: it keeps the words, pays for what goes onto Bitcoin and gets change back.</summary>
public static class CoinWallet
{
    private const string Folder = "coins";

    /// <summary>Is there one?</summary>
    public static bool IsIn(string folder) => Directory.Exists(Path.Combine(folder, Folder));

    /// <summary>Makes one.</summary>
    /// <param name="folder">The folder of operator or wallet.</param>
    /// <param name="network">The network.</param>
    /// <param name="seed">The words; the caller's.</param>
    /// <param name="passphrase">Seals them at rest.</param>
    /// <param name="birthday">The tip for words that are new; null looks through the whole chain.</param>
    /// <param name="chain">The caller's.</param>
    /// <param name="entropy">For ids and salts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<Wallet, Refusal>> CreateAsync(
        string folder, BitcoinNetwork network, WalletSeed seed, WalletPassphrase passphrase, ChainTip? birthday, IChainSource chain, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        if (IsIn(folder))
            return new Refusal("--data", $"{folder} holds a wallet already: name a new folder");
        if (!WalletLogStore.Open(Path.Combine(folder, Folder), entropy).TryGet(out var store, out var refusal))
            return refusal;
        var creation = new WalletCreation(network) { Seed = seed, Passphrase = passphrase, Birthday = birthday };
        if ((await Wallet.CreateAsync(store, creation, chain, entropy, time, Options(network), cancellationToken)).TryGet(out var wallet, out refusal))
            return wallet;
        await store.DisposeAsync();
        return refusal;
    }

    /// <summary>Opens one, with its keys.</summary>
    public static async Task<Result<Wallet, Refusal>> OpenAsync(
        string folder, BitcoinNetwork network, WalletPassphrase passphrase, IChainSource chain, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!WalletLogStore.Open(Path.Combine(folder, Folder), entropy, mustExist: true).TryGet(out var store, out var refusal))
            return refusal;
        if (!(await Wallet.OpenAsync(store, chain, entropy, time, Options(network), cancellationToken)).TryGet(out var wallet, out refusal))
        {
            await store.DisposeAsync();
            return refusal;
        }

        if (wallet.Status.IsLocked && wallet.Unlock(passphrase) is { } locked)
        {
            await wallet.DisposeAsync();
            return new Refusal("TRIBUTARY_WALLET_PASSPHRASE", locked.Reason);
        }

        return wallet;
    }

    // A test network has no market for fees to estimate from; where money is real nobody guesses.
    private static WalletOptions Options(BitcoinNetwork network) => new()
    {
        FallbackFeerate = network.Equals(BitcoinNetwork.Mainnet) ? null : new FeeratePerKvB(4_000),
        SyncWaitMax = TimeSpan.FromMinutes(1),
    };
}
