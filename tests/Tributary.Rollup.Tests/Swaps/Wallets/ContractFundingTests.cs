using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Swaps.Wallets;
using Tributary.Rollup.Tests.Operating;

namespace Tributary.Rollup.Tests.Swaps.Wallets;

/// <summary>Payments into a contract that wait for a block, at a node whose mempool wants more and more.</summary>
public sealed class ContractFundingTests : IAsyncLifetime
{
    private const string Label = "swap 1";
    private static readonly Script s_contract = StandardScripts.P2wpkh(Enumerable.Repeat((byte)7, 20).ToArray());
    private static readonly FeeratePerKvB s_most = new(60_000);
    private readonly SeededEntropy _entropy = new(78);
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-funding-").FullName;
    private readonly ForgetfulBitcoin _bitcoin = new() { Estimate = new FeeratePerKvB(1_000) };
    private Wallet _wallet = null!;
    private ContractFunding _funding = null!;
    private CancellationTokenSource _stop = null!;
    private Task _following = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Script Elsewhere => StandardScripts.P2wpkh(new byte[20]);

    public async ValueTask InitializeAsync()
    {
        using var seed = WalletSeed.Generate(_entropy);
        Start((await Wallet.CreateAsync(OpenStore(), new WalletCreation(_bitcoin.Network) { Seed = seed, Passphrase = WalletPassphrase.None }, _bitcoin, _entropy, TimeProvider.System, null, Token)).Value);
        _bitcoin.Mine((await _wallet.NewAddressAsync(cancellationToken: Token)).Value.Address.ScriptPubKey, 2);
        _bitcoin.Mine(Elsewhere, 101);
        await SyncAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Payment_that_waits_is_helped_by_a_child_that_leaves_the_contract_where_it_is()
    {
        await PayAsync(40_000_000);
        var paid = Assert.Single(_bitcoin.Mempool);
        await PayAsync(40_000_000);
        Assert.Single(_bitcoin.Mempool);

        _bitcoin.Estimate = new FeeratePerKvB(20_000);
        await MineEmptyAsync(2);
        await PayAsync(40_000_000);
        Assert.Equal(2, _bitcoin.Mempool.Count);
        Assert.Equal(paid.TxId, _bitcoin.Mempool[0].TxId);
        Assert.InRange(Together().Value, 20_000, 21_000);
        var child = _bitcoin.Mempool[1].TxId;
        await PayAsync(40_000_000);
        Assert.Equal(child, _bitcoin.Mempool[1].TxId);

        // It waits on, and another process goes on with it: the child gives way to one that pays more.
        await EndAsync();
        Start((await Wallet.OpenAsync(OpenStore(), _bitcoin, _entropy, TimeProvider.System, null, Token)).Value);
        await SyncAsync();
        await PayAsync(40_000_000);
        _bitcoin.Estimate = new FeeratePerKvB(40_000);
        await MineEmptyAsync(2);
        await PayAsync(40_000_000);
        Assert.Equal(2, _bitcoin.Mempool.Count);
        Assert.Equal(paid.TxId, _bitcoin.Mempool[0].TxId);
        Assert.NotEqual(child, _bitcoin.Mempool[1].TxId);
        Assert.InRange(Together().Value, 40_000, 42_000);

        // Never above the bound.
        _bitcoin.Estimate = new FeeratePerKvB(500_000);
        await MineEmptyAsync(2);
        await PayAsync(40_000_000);
        Assert.InRange(Together().Value, 59_000, 61_000);
        await MineAsync();
        AssertPaidOnce(40_000_000);
        await PayAsync(40_000_000);
        Assert.Empty(_bitcoin.Mempool);
    }

    [Fact]
    public async Task Payment_that_the_mempool_takes_in_no_company_is_replaced_at_once_by_one_of_the_same_coins()
    {
        await PayAsync(40_000_000);
        var paid = Assert.Single(_bitcoin.Mempool);
        _bitcoin.Minimum = new FeeratePerKvB(9_000);
        _bitcoin.Forget(paid.TxId);
        while (_wallet.FindTransaction(paid.TxId)!.State is WalletTransactionState.Pending)
            await _wallet.NextChange.WaitAsync(TimeSpan.FromMilliseconds(20), Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await PayAsync(40_000_000);
        var dear = Assert.Single(_bitcoin.Mempool);
        Assert.Equal(paid.PreviousOutput(0), dear.PreviousOutput(0));

        // Whichever of the two a block holds, it is the payment.
        _bitcoin.Mine(Elsewhere, [paid]);
        await SyncAsync();
        Assert.Equal(paid.TxId, ContractFunding.Find(_wallet, Label)!.TxId);
        await PayAsync(40_000_000);
        Assert.Empty(_bitcoin.Mempool);
        AssertPaidOnce(40_000_000);
    }

    private async Task PayAsync(long amount)
    {
        var refusal = await _funding.PayAsync(s_contract, new Satoshis(amount), Label, Token);
        Assert.True(refusal is null, refusal?.ToString());
    }

    private FeeratePerKvB Together() => FeeratePerKvB.Of(
        _bitcoin.Mempool.Aggregate(Satoshis.Zero, (sum, one) => sum + _bitcoin.FeeOf(one)), _bitcoin.Mempool.Sum(static one => one.VirtualSize));

    private void AssertPaidOnce(long amount)
    {
        var paid = _bitcoin.Blocks.SelectMany(static block => block.Transactions).SelectMany(static one => one.Outputs).Where(static output => output.ScriptPubKey == s_contract);
        Assert.Equal(new Satoshis(amount), Assert.Single(paid).Value);
    }

    private WalletLogStore OpenStore() => WalletLogStore.Open(Path.Combine(_folder, "wallet"), _entropy).Value;

    private void Start(Wallet wallet)
    {
        _wallet = wallet;
        _funding = new ContractFunding(wallet, _bitcoin, s_most);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _following = wallet.RunAsync(_stop.Token);
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _wallet.DisposeAsync();
        _stop.Dispose();
    }

    private async Task MineEmptyAsync(int count)
    {
        for (var i = 0; i < count; i++)
            _bitcoin.Mine(Elsewhere, []);
        await SyncAsync();
    }

    private async Task MineAsync()
    {
        _bitcoin.Mine(Elsewhere);
        await SyncAsync();
    }

    private async Task SyncAsync()
    {
        Assert.Null(await _wallet.WaitUntilSyncedAsync(Token));
        while (!_wallet.Status.IsSynced)
            await _wallet.NextChange.WaitAsync(TimeSpan.FromMilliseconds(20), Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
