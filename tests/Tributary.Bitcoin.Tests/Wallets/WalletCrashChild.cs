using System.Runtime.CompilerServices;
using System.Text;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Wallets;

/// <summary>
/// The other life of this program: started with a variable set (and <c>--help</c>, so that it runs no tests), it uses a wallet until it is
/// killed, and writes down what the wallet acknowledged.
/// </summary>
internal static class WalletCrashChild
{
    internal const string FolderVariable = "TRIBUTARY_WALLET_CRASH_TEST_FOLDER";

    [ModuleInitializer]
    internal static void Begin()
    {
        // Nothing of this program runs before its initializer is done, so the work has a thread of its own, which keeps the process alive.
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        new Thread(() => LiveAsync(folder).GetAwaiter().GetResult()) { IsBackground = false }.Start();

        // The test runner ends the process some seconds after it has said its help; on a busy machine that comes before the work is done. A child whose
        // test is gone ends all the same.
        var late = new ManualResetEventSlim();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => late.Wait(TimeSpan.FromMinutes(5));
    }

    /// <summary>Opens the wallet of a folder, or makes it.</summary>
    internal static async Task<Wallet> OpenAsync(string folder, EmbeddedChain chain)
    {
        var path = Path.Combine(folder, "wallet");
        var options = new WalletOptions { CompactAtBytes = 20_000 };
        var store = WalletLogStore.Open(path, SystemEntropy.Instance).Value;
        if ((await Wallet.OpenAsync(store, chain, SystemEntropy.Instance, TimeProvider.System, options)).TryGet(out var wallet))
            return wallet;

        // A process that died before the creation was acknowledged left an empty store.
        await store.DisposeAsync();
        store = WalletLogStore.Open(path, SystemEntropy.Instance).Value;
        using var seed = WalletSeed.Generate(new SeededEntropy(1));
        var creation = new WalletCreation(BitcoinNetwork.Regtest) { Seed = seed, Passphrase = WalletPassphrase.None };
        return (await Wallet.CreateAsync(store, creation, chain, SystemEntropy.Instance, TimeProvider.System, options)).Value;
    }

    private static async Task LiveAsync(string folder)
    {
        await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.Combine(folder, "chain") }, TimeProvider.System).Value;
        await using var wallet = await OpenAsync(folder, chain);
        using var stop = new CancellationTokenSource();
        var running = wallet.RunAsync(stop.Token);
        await using var acknowledged = new FileStream(Path.Combine(folder, "acknowledged"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        async Task Note(string line) => await acknowledged.WriteAsync(Encoding.ASCII.GetBytes($"{line}\n"));

        if ((await chain.GetTipAsync(stop.Token)).Value.Height < 105)
            await chain.MineAsync(105, (await wallet.NewAddressAsync()).Value.Address.ScriptPubKey, stop.Token);
        var elsewhere = Address.Parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", BitcoinNetwork.Regtest).Value;
        for (var turn = 1; !running.IsCompleted; turn++)
        {
            var address = (await wallet.NewAddressAsync()).Value;
            await Note($"address {address.Address}");
            var sent = await wallet.SendAsync(SendRequest.To(elsewhere, new Satoshis(10_000)) with { Feerate = new FeeratePerKvB(1000), Label = "crash" }, stop.Token);
            if (sent.TryGet(out var transaction, out var refusal))
                await Note($"sent {transaction.TxId}");
            else
                await Note($"refused {refusal}");

            // Few coins are set aside, so that there is always one to spend.
            var coin = turn % 4 == 0 ? wallet.ListUnspent().FirstOrDefault(static coin => coin is { IsImmature: false, Lease: null }) : null;
            if (coin is not null && (await wallet.LeaseAsync([coin.OutPoint], duration: null, "crash", stop.Token)).TryGet(out var lease))
                await Note($"lease {lease.Id}");
            await chain.MineAsync(1, address.Address.ScriptPubKey, stop.Token);
        }

        await running;
    }
}
