using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Wallets.Contract;

/// <summary>A wallet on a file that follows a chain, and can be closed and opened again.</summary>
public sealed class WalletHarness : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly ChainDriver _driver;
    private readonly WalletOptions _options;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"tributary-wallet-{Guid.NewGuid():N}", "wallet");
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Wallet? _wallet;

    private WalletHarness(ChainDriver driver, WalletOptions? options)
    {
        _driver = driver;
        _options = options ?? new WalletOptions { SourceRetryDelay = TimeSpan.FromMilliseconds(20), RebroadcastInterval = TimeSpan.FromSeconds(1) };
    }

    public Wallet Wallet => _wallet!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A wallet with a seed of its own, or as the creation says.</summary>
    public static async Task<WalletHarness> CreateAsync(ChainDriver driver, ulong seed, WalletOptions? options = null, Func<WalletCreation, WalletCreation>? change = null)
    {
        var harness = new WalletHarness(driver, options);
        using var walletSeed = WalletSeed.Generate(new SeededEntropy(seed));
        var creation = new WalletCreation(BitcoinNetwork.Regtest)
        {
            Seed = walletSeed,
            Passphrase = WalletPassphrase.None,
            Birthday = await driver.TipAsync(Cancellation),
        };
        var store = WalletLogStore.Open(harness._path, SystemEntropy.Instance).Value;
        harness._wallet = (await Wallet.CreateAsync(store, change is null ? creation : change(creation), driver.Source, new SeededEntropy(seed + 1), TimeProvider.System, harness._options, Cancellation)).Value;
        harness.Start();
        return harness;
    }

    /// <summary>Closes the wallet as a process ends, and opens it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await OpenAsync();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (_running.Exception is { } failure)
            throw failure;
        await Wallet.DisposeAsync();
    }

    public async Task OpenAsync()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        var store = WalletLogStore.Open(_path, SystemEntropy.Instance, mustExist: true).Value;
        _wallet = (await Wallet.OpenAsync(store, _driver.Source, SystemEntropy.Instance, TimeProvider.System, _options, Cancellation)).Value;
        Start();
    }

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<Wallet, bool> holds, string what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(s_patience);
        while (true)
        {
            var changed = Wallet.NextChange;
            if (holds(Wallet))
                return;
            if (_running.IsFaulted)
                await _running;
            try
            {
                // The source's own state changes without a change of the wallet.
                await Task.WhenAny(changed, Task.Delay(50, patience.Token));
                patience.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
            {
                Assert.Fail($"{what} does not come about: {Wallet.Balance} {Wallet.Status} {string.Join("; ", Wallet.Transactions.Select(static one => $"{one.TxId} {one.State} {one.Net}"))}");
            }
        }
    }

    /// <summary>Waits until the wallet has seen all of the chain.</summary>
    public async Task SyncAsync()
    {
        var tip = await _driver.TipAsync(Cancellation);
        await UntilAsync(wallet => wallet.Status.IsSynced && wallet.Status.Tip!.Value.Height >= tip.Height, "Being synced");
    }

    public async Task<Address> AddressAsync(WalletAccountKind? kind = null) => (await Wallet.NewAddressAsync(kind, label: null, Cancellation)).Value.Address;

    /// <summary>Somebody pays the wallet, from a coin of the driver's.</summary>
    public async Task<Transaction> ReceiveAsync(long amount, WalletAccountKind? kind = null, long fee = 2000, uint version = 2) =>
        await PayAsync(_driver, (await AddressAsync(kind)).ScriptPubKey, amount, fee, version);

    public static async Task<Transaction> PayAsync(ChainDriver driver, Script script, long amount, long fee = 2000, uint version = 2)
    {
        var payment = await MakePaymentAsync(driver, script, amount, fee, version);
        var verdict = (await driver.Source.BroadcastAsync(payment, Cancellation)).Value;
        Assert.True(verdict.IsAccepted, verdict.RejectReason);
        return payment;
    }

    public static async Task<Transaction> MakePaymentAsync(ChainDriver driver, Script script, long amount, long fee = 2000, uint version = 2)
    {
        var coin = await driver.CoinAsync(Cancellation);
        return Transaction.Create(version, [coin.Input()], [new TxOut(new Satoshis(amount), script), new TxOut(coin.Value - new Satoshis(amount + fee), Spendable.Script)]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private void Start() => _running = Wallet.RunAsync(_stop.Token);
}
