using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Wallets.Contract;

/// <summary>What a wallet does on any chain source.</summary>
public abstract class WalletContract : IAsyncLifetime
{
    private ChainDriver? _driver;

    protected ChainDriver Driver => _driver!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Nobody's: what is sent there is gone.</summary>
    protected static Address Elsewhere { get; } = Address.Parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", BitcoinNetwork.Regtest).Value;

    public async ValueTask InitializeAsync()
    {
        _driver = await StartAsync(Cancellation);

        // Coins to pay from, so that no test mines when it means to pay.
        await Driver.MineAsync(120, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_driver is not null)
            await _driver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ChainDriver> StartAsync(CancellationToken cancellationToken);

    /// <summary>Compares the wallet with another program's, where there is one.</summary>
    protected virtual Task CompareAsync(Wallet wallet) => Task.CompletedTask;

    [Fact]
    public async Task Receive_spend_bump_reorganise_and_restart()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 1);
        await ExpectAsync(harness, confirmed: 0);

        var first = await harness.ReceiveAsync(1_000_000);
        await ExpectAsync(harness, confirmed: 0, untrusted: 1_000_000);
        await harness.ReceiveAsync(500_000, WalletAccountKind.Bip86);
        await ExpectAsync(harness, confirmed: 0, untrusted: 1_500_000);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 1_500_000);

        await harness.RestartAsync();
        await ExpectAsync(harness, confirmed: 1_500_000);

        var sent = (await harness.Wallet.SendAsync(new SendRequest { Outputs = [SendOutput.To(Elsewhere, new Satoshis(300_000))], Feerate = new FeeratePerKvB(2000), Label = "rent" }, Cancellation)).Value;
        var fee = Fee(harness, sent);
        Assert.InRange(fee, 2 * sent.VirtualSize, (2 * sent.VirtualSize) + 4);
        Assert.Equal("rent", harness.Wallet.FindTransaction(sent.TxId)!.Label);
        Assert.True(sent.LockTime > 0);
        await ExpectTotalAsync(harness, 1_200_000 - fee);

        await harness.RestartAsync();
        await ExpectTotalAsync(harness, 1_200_000 - fee);

        var bumped = (await harness.Wallet.BumpFeeAsync(sent.TxId, new FeeratePerKvB(9000), Cancellation)).Value;
        var higher = Fee(harness, bumped);
        Assert.True(higher >= 9 * bumped.VirtualSize);
        Assert.Contains(bumped.Outputs, output => output.Value == new Satoshis(300_000) && output.ScriptPubKey == Elsewhere.ScriptPubKey);
        await ExpectTotalAsync(harness, 1_200_000 - higher);
        Assert.Equal(WalletTransactionState.Replaced, harness.Wallet.FindTransaction(sent.TxId)!.State);
        Assert.Equal("transaction", (await harness.Wallet.BumpFeeAsync(sent.TxId, new FeeratePerKvB(20_000), Cancellation)).Error.Field);

        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 1_200_000 - higher);
        Assert.Equal(WalletTransactionState.Replaced, harness.Wallet.FindTransaction(sent.TxId)!.State);

        // The block of the spend goes, and comes again.
        await Driver.ReorganiseAsync(1, Cancellation);
        await harness.UntilAsync(wallet => wallet.FindTransaction(bumped.TxId)!.State == WalletTransactionState.Pending, "Being unconfirmed");
        await ExpectTotalAsync(harness, 1_200_000 - higher);
        await harness.RestartAsync();
        await ExpectTotalAsync(harness, 1_200_000 - higher);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 1_200_000 - higher);
        Assert.Equal(WalletTransactionState.Confirmed, harness.Wallet.FindTransaction(first.TxId)!.State);
    }

    [Fact]
    public async Task A_reorganisation_takes_payments_back_and_may_bring_them_again()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 2);
        var payment = await harness.ReceiveAsync(250_000);
        var tip = await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 250_000);

        await Driver.InvalidateAsync(tip.Hash, Cancellation);
        await ExpectAsync(harness, confirmed: 0, untrusted: 250_000);
        await harness.RestartAsync();
        await ExpectAsync(harness, confirmed: 0, untrusted: 250_000);
        await Driver.ReconsiderAsync(tip.Hash, Cancellation);
        await ExpectAsync(harness, confirmed: 250_000);
        Assert.Equal(tip.Height, harness.Wallet.FindTransaction(payment.TxId)!.Block!.Value.Height);
    }

    [Fact]
    public async Task A_child_pays_for_a_stingy_parent()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 3);
        var parent = await harness.ReceiveAsync(400_000, fee: 200);
        await ExpectAsync(harness, confirmed: 0, untrusted: 400_000);

        var child = (await harness.Wallet.ChildPaysForParentAsync(parent.TxId, new FeeratePerKvB(10_000), Cancellation)).Value;
        var paid = Fee(harness, child) + 200;
        Assert.True(paid >= 10 * (parent.VirtualSize + child.VirtualSize), $"{paid} for {parent.VirtualSize} + {child.VirtualSize}");
        Assert.Equal("feerate", (await harness.Wallet.ChildPaysForParentAsync(child.TxId, new FeeratePerKvB(5000), Cancellation)).Error.Field);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 400_000 - Fee(harness, child));
    }

    [Fact]
    public async Task A_payment_that_its_sender_takes_back_is_not_counted()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 4);
        var payment = await WalletHarness.MakePaymentAsync(Driver, (await harness.AddressAsync()).ScriptPubKey, 700_000, fee: 1000);
        Assert.True((await Driver.Source.BroadcastAsync(payment, Cancellation)).Value.IsAccepted);
        await ExpectAsync(harness, confirmed: 0, untrusted: 700_000);

        var spent = payment.Input(0);
        var value = payment.Outputs.Aggregate(new Satoshis(1000), static (sum, output) => sum + output.Value);
        var replacement = Transaction.Create(2, [spent], [new TxOut(value - new Satoshis(20_000), Spendable.Script)]);
        Assert.True((await Driver.Source.BroadcastAsync(replacement, Cancellation)).Value.IsAccepted);
        await ExpectAsync(harness, confirmed: 0);
        Assert.Equal(WalletTransactionState.Dropped, harness.Wallet.FindTransaction(payment.TxId)!.State);

        await Driver.MineAsync(1, Cancellation);
        await harness.SyncAsync();
        await harness.UntilAsync(wallet => wallet.FindTransaction(payment.TxId)!.State == WalletTransactionState.Conflicted, "The conflict");

        // On another branch the replacement is not there, and the payment can come again.
        await Driver.ReorganiseAsync(1, Cancellation);
        await harness.UntilAsync(wallet => wallet.FindTransaction(payment.TxId)!.State != WalletTransactionState.Conflicted, "The end of the conflict");
        await ExpectAsync(harness, confirmed: 0);
    }

    [Fact]
    public async Task Own_change_is_trusted_and_spent_before_it_confirms()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 5);
        await harness.ReceiveAsync(1_000_000);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 1_000_000);

        var left = 1_000_000L;
        for (var i = 0; i < 3; i++)
        {
            var sent = (await harness.Wallet.SendAsync(SendRequest.To(Elsewhere, new Satoshis(100_000)) with { Feerate = new FeeratePerKvB(3000) }, Cancellation)).Value;
            left -= 100_000 + Fee(harness, sent);
            await ExpectAsync(harness, confirmed: 0, trusted: left);
        }

        Assert.Equal("amount", (await harness.Wallet.SendAsync(SendRequest.To(Elsewhere, new Satoshis(100_000)) with { Feerate = new FeeratePerKvB(3000), SpendsUnconfirmed = false }, Cancellation)).Error.Field);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: left);
    }

    [Fact]
    public async Task Everything_can_be_sent_and_nothing_is_left()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 6);
        await harness.ReceiveAsync(300_000);
        await harness.ReceiveAsync(200_000, WalletAccountKind.Bip86);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 500_000);

        var sent = (await harness.Wallet.SendAsync(new SendRequest { Outputs = [SendOutput.AllTo(Elsewhere)], Feerate = new FeeratePerKvB(1000) }, Cancellation)).Value;
        Assert.Equal(1, sent.OutputCount);
        Assert.Equal(500_000 - Fee(harness, sent), sent.Output(0).Value.Value);
        await ExpectTotalAsync(harness, 0);
    }

    [Fact]
    public async Task The_recipient_may_pay_the_fee()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 7);
        await harness.ReceiveAsync(300_000);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: 300_000);

        var sent = (await harness.Wallet.SendAsync(new SendRequest { Outputs = [SendOutput.To(Elsewhere, new Satoshis(300_000), takesFee: true)], Feerate = new FeeratePerKvB(1000) }, Cancellation)).Value;
        Assert.Equal(300_000 - Fee(harness, sent), Assert.Single(sent.Outputs).Value.Value);
        await ExpectTotalAsync(harness, 0);
    }

    [Fact]
    public async Task A_young_coinbase_output_is_immature()
    {
        await using var harness = await WalletHarness.CreateAsync(Driver, seed: 8);
        var script = (await harness.AddressAsync()).ScriptPubKey;
        var reward = await MineToAsync(script);
        await ExpectAsync(harness, confirmed: 0, immature: reward);
        Assert.Equal("amount", (await harness.Wallet.SendAsync(SendRequest.To(Elsewhere, new Satoshis(1000)) with { Feerate = new FeeratePerKvB(1000) }, Cancellation)).Error.Field);
        await Driver.MineAsync(99, Cancellation);
        await ExpectAsync(harness, confirmed: 0, immature: reward);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(harness, confirmed: reward);
    }

    [Fact]
    public async Task A_watching_wallet_builds_what_another_signs()
    {
        await using var signer = await WalletHarness.CreateAsync(Driver, seed: 9);
        var descriptors = signer.Wallet.Descriptors;
        await using var watcher = await WalletHarness.CreateAsync(Driver, seed: 10, change: creation => creation with
        {
            Seed = null,
            Passphrase = null,
            Descriptors = [Multipath(descriptors[0]), Multipath(descriptors[2])],
        });
        var script = (await watcher.AddressAsync()).ScriptPubKey;
        Assert.Equal(script, (await signer.AddressAsync()).ScriptPubKey);
        await WalletHarness.PayAsync(Driver, script, 800_000);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(watcher, confirmed: 800_000);
        await ExpectAsync(signer, confirmed: 800_000);

        var request = SendRequest.To(Elsewhere, new Satoshis(123_456)) with { Feerate = new FeeratePerKvB(2000) };
        Assert.Equal("wallet: only watches: build a PSBT and have it signed elsewhere", (await watcher.Wallet.SendAsync(request, Cancellation)).Error.ToString());
        var draft = (await watcher.Wallet.BuildAsync(request, Cancellation)).Value;
        Assert.Null(draft.Transaction);
        Assert.Equal(800_000, watcher.Wallet.Balance.Locked.Value);
        Assert.Equal("amount", (await watcher.Wallet.BuildAsync(request, Cancellation)).Error.Field);

        var signed = signer.Wallet.SignPsbt(draft.Psbt).Value;
        Assert.Equal(1, signed.SignatureCount);
        var sent = (await watcher.Wallet.CommitAsync(signed.Psbt, draft.LeaseId, Cancellation)).Value;
        Assert.Empty(watcher.Wallet.Leases);
        await ExpectTotalAsync(watcher, 800_000 - 123_456 - draft.Fee.Value);
        await ExpectTotalAsync(signer, 800_000 - 123_456 - draft.Fee.Value);
        await Driver.MineAsync(1, Cancellation);
        await ExpectAsync(watcher, confirmed: 800_000 - 123_456 - draft.Fee.Value);
        Assert.Equal(WalletTransactionState.Confirmed, watcher.Wallet.FindTransaction(sent.TxId)!.State);
    }

    [Fact]
    public async Task A_restored_seed_finds_payments_out_of_order_and_beyond_the_gap()
    {
        await using var original = await WalletHarness.CreateAsync(Driver, seed: 11, change: static creation => creation with { GapLimit = 5 });
        var scripts = new List<Script>();
        for (var i = 0; i < 20; i++)
            scripts.Add((await original.AddressAsync()).ScriptPubKey);

        // The later address is paid first: who looks for it must have seen the earlier ones paid, in later blocks.
        long total = 0;
        foreach (var index in new[] { 12, 8, 4 })
        {
            await WalletHarness.PayAsync(Driver, scripts[index], 10_000 + index);
            total += 10_000 + index;
            await Driver.MineAsync(1, Cancellation);
        }

        await WalletHarness.PayAsync(Driver, scripts[16], 10_016);
        await ExpectAsync(original, confirmed: total, untrusted: 10_016);
        await using var restored = await WalletHarness.CreateAsync(Driver, seed: 11, change: static creation => creation with { GapLimit = 5, Birthday = null });
        await ExpectAsync(restored, confirmed: total, untrusted: 10_016);
        Assert.Equal(17u, (await restored.Wallet.NewAddressAsync(kind: null, label: null, Cancellation)).Value.Place.Index);
    }

    protected abstract Task<long> MineToAsync(Script script);

    protected static long Fee(WalletHarness harness, Transaction transaction) => harness.Wallet.FindTransaction(transaction.TxId)!.Fee!.Value.Value;

    protected async Task ExpectAsync(WalletHarness harness, long confirmed, long trusted = 0, long untrusted = 0, long immature = 0)
    {
        await harness.SyncAsync();
        await harness.UntilAsync(
            wallet => wallet.Balance is var balance
                && (balance.Confirmed.Value, balance.TrustedPending.Value, balance.UntrustedPending.Value, balance.Immature.Value) == (confirmed, trusted, untrusted, immature),
            $"A balance of {confirmed} confirmed, {trusted} trusted, {untrusted} untrusted, {immature} immature");
        await CompareAsync(harness.Wallet);
    }

    protected async Task ExpectTotalAsync(WalletHarness harness, long total)
    {
        await harness.SyncAsync();
        await harness.UntilAsync(wallet => wallet.Balance.Total.Value == total && wallet.Balance.UntrustedPending.Value == 0, $"A total of {total}");
        await CompareAsync(harness.Wallet);
    }

    private static string Multipath(string descriptor) => descriptor[..descriptor.IndexOf('#', StringComparison.Ordinal)].Replace("/0/*", "/<0;1>/*", StringComparison.Ordinal);
}
