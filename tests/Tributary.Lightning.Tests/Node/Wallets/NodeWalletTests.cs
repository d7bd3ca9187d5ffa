using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Lightning.Node.Wallets;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Node.Wallets;

/// <summary>Coins for fees: what is set aside stays so, and what can't pay any more is found out.</summary>
public sealed class NodeWalletTests : IAsyncLifetime
{
    private static readonly OutPoint s_purpose = new(new TxId(new Bytes32(new byte[32])), 1);
    private static readonly FeeratePerKw s_feerate = new(1_000);
    private static readonly Script s_miner = StandardScripts.P2wpkh(new byte[20]);

    private readonly string _folder = Directory.CreateTempSubdirectory("nwallet-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly EmbeddedChain _chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;
    private Wallet? _wallet;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Wallet Wallet => _wallet!;

    private NodeWallet Node => new(Wallet);

    public async ValueTask InitializeAsync()
    {
        using var seed = WalletSeed.Generate(SystemEntropy.Instance);
        var store = WalletLogStore.Open(Path.Combine(_folder, "wallet"), SystemEntropy.Instance).Value;
        var creation = new WalletCreation(BitcoinNetwork.Regtest) { Seed = seed, Passphrase = WalletPassphrase.None };
        var options = new WalletOptions { SourceRetryDelay = TimeSpan.FromMilliseconds(20) };
        _wallet = (await Wallet.CreateAsync(store, creation, _chain, SystemEntropy.Instance, TimeProvider.System, options, Cancellation)).Value;
        _running = Wallet.RunAsync(_stop.Token);
        await MineAsync(1, await Node.NewScriptAsync("coins", Cancellation));
        await MineAsync(100, s_miner);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Wallet.DisposeAsync();
        await _chain.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task More_coins_for_the_same_purpose_leave_those_that_were_given_set_aside()
    {
        await SplitAsync(50_000, 40_000, 30_000);
        var first = await LeaseAsync(45_000, []);
        var second = await LeaseAsync(35_000, first);
        Assert.Equal([new Satoshis(50_000)], first.Select(static coin => coin.Output.Value));
        Assert.Equal([new Satoshis(40_000)], second.Select(static coin => coin.Output.Value));
        Assert.Equal(new Satoshis(30_000), Node.ConfirmedFree);
        await Node.ReleaseFeesAsync(s_purpose, Cancellation);
        Assert.Equal(new Satoshis(120_000), Node.ConfirmedFree);
    }

    [Fact]
    public async Task Coins_that_were_set_aside_and_never_told_of_are_given_first()
    {
        await SplitAsync(50_000, 40_000);
        var lost = await LeaseAsync(45_000, []);
        var again = await LeaseAsync(45_000, []);
        Assert.Equal(lost, again);
        Assert.Equal(new Satoshis(40_000), Node.ConfirmedFree);
        Assert.Empty(await LeaseAsync(60_000, again));
    }

    [Fact]
    public async Task A_coin_whose_transaction_a_reorganisation_took_away_is_not_sound_until_it_comes_again()
    {
        await SplitAsync(50_000);
        var coin = Assert.Single(await LeaseAsync(45_000, []));
        Assert.True(Node.IsSound(s_purpose, coin));
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        await _chain.InvalidateAsync(tip.Hash, Cancellation);
        await SyncAsync();
        Assert.False(Node.IsSound(s_purpose, coin));
        await MineAsync(1, s_miner);
        Assert.True(Node.IsSound(s_purpose, coin));
    }

    [Fact]
    public async Task A_coin_that_is_not_set_aside_or_that_something_else_spent_is_not_sound()
    {
        await SplitAsync(50_000);
        var coin = Assert.Single(await LeaseAsync(45_000, []));
        await Node.ReleaseFeesAsync(s_purpose, Cancellation);
        Assert.False(Node.IsSound(s_purpose, coin));
        var request = new SendRequest { Outputs = [SendOutput.AllTo(Elsewhere)], Feerate = new FeeratePerKvB(2_000) };
        Assert.True((await Wallet.SendAsync(request, Cancellation)).IsOk);
        await MineAsync(1, s_miner);
        Assert.False(Node.IsSound(s_purpose, coin));
    }

    private static Address Elsewhere => Address.TryFromScript(StandardScripts.P2wpkh([.. Enumerable.Repeat((byte)7, 20)]), BitcoinNetwork.Regtest, out var address) ? address : throw new InvalidOperationException();

    // All of the wallet's money goes away but coins of these amounts.
    private async Task SplitAsync(params long[] amounts)
    {
        var outputs = new List<SendOutput>();
        foreach (var amount in amounts)
            outputs.Add(new SendOutput(await Node.NewScriptAsync("coin", Cancellation), new Satoshis(amount)));
        var request = new SendRequest { Outputs = [.. outputs, SendOutput.AllTo(Elsewhere)], Feerate = new FeeratePerKvB(2_000) };
        Assert.True((await Wallet.SendAsync(request, Cancellation)).IsOk);
        await MineAsync(1, s_miner);
        Assert.Equal(new Satoshis(amounts.Sum()), Node.ConfirmedFree);
    }

    private async Task<IReadOnlyList<Lightning.OnChain.FeeCoin>> LeaseAsync(long satoshis, IReadOnlyList<Lightning.OnChain.FeeCoin> held) =>
        (await Node.LeaseForFeesAsync(s_purpose, new Satoshis(satoshis), s_feerate, [.. held.Select(static coin => coin.OutPoint)], Cancellation)).Coins;

    private async Task MineAsync(int count, Script script)
    {
        Assert.True((await _chain.MineAsync(count, script, Cancellation)).IsOk);
        await SyncAsync();
    }

    private async Task SyncAsync()
    {
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        while (Wallet.Status.Tip != tip)
            await Task.Delay(10, Cancellation);
    }
}
