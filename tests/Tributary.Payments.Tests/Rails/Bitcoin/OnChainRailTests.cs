using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Risk;
using Tributary.Payments.Tests.Risk;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Tests.Rails.Bitcoin;

/// <summary>The on-chain rail on a real wallet and a chain with full consensus and a mempool.</summary>
public sealed class OnChainRailTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500_000, 1)]
    [InlineData(5_000_000, 2)]
    [InlineData(50_000_000, 3)]
    [InlineData(500_000_000, 6)]
    public async Task Money_is_seen_at_once_and_settles_when_it_is_deep_enough_for_its_amount(long satoshis, int confirmations)
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        world.Pump();
        var file = await world.OfferAsync(RailKind.OnChain, satoshis);
        await world.SendAsync(file.Attempts[0].Instruction!, satoshis);
        await world.WaitForAsync(file, IntentStatus.Processing);
        Assert.Equal(satoshis * 1000, await world.BalanceAsync(AccountKind.OnChainUnconfirmed));
        for (var depth = 1; depth < confirmations; depth++)
        {
            await world.MineAsync(1);
            await FollowedAsync(world);
            Assert.Equal(IntentStatus.Processing, (await world.FindAsync(file)).Intent.Status);
        }

        await world.MineAsync(1);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        Assert.Equal(satoshis * 1000, await world.BalanceAsync(AccountKind.OnChain));
        Assert.Equal(0, await world.BalanceAsync(AccountKind.OnChainUnconfirmed));
    }

    [Theory]
    [InlineData(1_000_000, 3)]
    [InlineData(1_000_001, 4)]
    public async Task A_payment_above_the_normal_risk_waits_for_more_also_after_a_restart(long satoshis, int confirmations)
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false, new ScriptedGate(TimeProvider.System) { Verdict = RiskVerdict.Review });
        world.Pump();
        var file = await world.OfferAsync(RailKind.OnChain, satoshis);
        Assert.Equal(confirmations, file.Attempts[0].Confirmations);
        await world.SendAsync(file.Attempts[0].Instruction!, satoshis);
        await world.WaitForAsync(file, IntentStatus.Processing);
        for (var depth = 1; depth < confirmations; depth++)
        {
            await world.MineAsync(1);
            await FollowedAsync(world);
            Assert.Equal(IntentStatus.Processing, (await world.FindAsync(file)).Intent.Status);
        }

        await world.ReopenAsync();
        world.Pump();
        Assert.Equal(IntentStatus.Processing, (await world.FindAsync(file)).Intent.Status);
        await world.MineAsync(1);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
    }

    [Theory]
    [InlineData(1_000, 1, 3)]
    [InlineData(1_000_000, 1, 3)]
    [InlineData(1_000_001, 2, 4)]
    [InlineData(10_000_000, 2, 4)]
    [InlineData(10_000_001, 3, 6)]
    [InlineData(100_000_000, 3, 6)]
    [InlineData(100_000_001, 6, 9)]
    public void Confirmations_grow_with_the_amount_and_the_risk(long satoshis, int normal, int elevated)
    {
        var options = new OnChainRailOptions();
        Assert.Equal((normal, elevated), (options.ConfirmationsFor(new Satoshis(satoshis), isElevated: false), options.ConfirmationsFor(new Satoshis(satoshis), isElevated: true)));
    }

    [Fact]
    public async Task A_payment_that_its_sender_replaces_is_gone()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        world.Pump();
        var file = await world.OfferAsync(RailKind.OnChain, 400_000);
        var paid = await world.SendAsync(file.Attempts[0].Instruction!, 400_000);
        await world.WaitForAsync(file, IntentStatus.Processing);
        await DoubleSpendAsync(world, paid);
        var after = await world.WaitForAsync(file, static now => now.Receipts[0].Status == ReceiptStatus.Vanished);
        Assert.NotEqual(IntentStatus.Processing, after.Intent.Status);
        Assert.Equal(0, await world.BalanceAsync(AccountKind.OnChainUnconfirmed));

        // The shopper pays in earnest; the attempt's address is the same.
        await world.MineAsync(1);
        await world.SendAsync(file.Attempts[0].Instruction!, 400_000);
        await world.MineAsync(1);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
    }

    [Fact]
    public async Task A_reorganisation_takes_a_settled_payment_back_and_the_next_block_settles_it_again()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        world.Pump();
        var file = await world.OfferAsync(RailKind.OnChain, 400_000);
        await world.SendAsync(file.Attempts[0].Instruction!, 400_000);
        await world.MineAsync(1);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        await world.ReorganiseAsync();
        await world.WaitForAsync(file, IntentStatus.Processing);
        Assert.Equal((0, 400_000_000), (await world.BalanceAsync(AccountKind.OnChain), await world.BalanceAsync(AccountKind.OnChainUnconfirmed)));
        await world.MineAsync(1);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        Assert.Equal(400_000_000, await world.BalanceAsync(AccountKind.OnChain));
        Assert.Single((await world.FindAsync(file)).Receipts);
    }

    [Fact]
    public async Task A_settled_payment_that_a_reorganisation_lets_its_sender_replace_is_reversed()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        world.Pump();
        var file = await world.OfferAsync(RailKind.OnChain, 400_000);
        var paid = await world.SendAsync(file.Attempts[0].Instruction!, 400_000);
        await world.MineAsync(1);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        await world.ReorganiseAsync();
        await world.WaitForAsync(file, IntentStatus.Processing);
        await DoubleSpendAsync(world, paid);
        await world.MineAsync(1);
        var after = await world.WaitForAsync(file, static now => now.Receipts[0].Status == ReceiptStatus.Vanished);
        Assert.NotEqual(IntentStatus.Succeeded, after.Intent.Status);
        Assert.Equal(0, await world.BalanceAsync(AccountKind.OnChain));
        Assert.Equal(0, await world.BalanceAsync(AccountKind.MerchantAvailable));
    }

    [Fact]
    public async Task Money_that_came_while_the_server_was_away_is_found_once_also_at_an_old_address()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        var old = await world.OfferAsync(RailKind.OnChain, 30_000);
        Assert.True((await world.Service.CancelAsync(old.Intent.Id, CancellationReason.Abandoned, null, Token)).IsOk);

        // More addresses than a wallet would look ahead.
        for (var i = 0; i < 25; i++)
            await world.OfferAsync(RailKind.OnChain, 30_000);
        var file = await world.OfferAsync(RailKind.OnChain, 30_000);
        await world.SendAsync(old.Attempts[0].Instruction!, 30_000);
        await world.SendAsync(file.Attempts[0].Instruction!, 10_000);
        await world.SendAsync(file.Attempts[0].Instruction!, 20_000);
        await world.MineAsync(1);
        await world.ReopenAsync();
        await world.ApplyUntilAsync(world.OnChain, async () => (await world.FindAsync(old)).Receipts.Length == 1);
        await world.ReopenAsync();
        world.Pump();
        var paid = await world.WaitForAsync(file, IntentStatus.Succeeded);
        Assert.Equal(2, paid.Receipts.Length);

        // Nobody ships for a cancelled order: what comes for it is the shopper's.
        Assert.Equal(-30_000_000, await world.BalanceAsync(AccountKind.ShopperExcess));
        Assert.Equal(60_000_000, await world.BalanceAsync(AccountKind.OnChain));
    }

    [Fact]
    public async Task Reports_that_come_again_change_nothing()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        world.Pump();
        var file = await world.OfferAsync(RailKind.OnChain, 30_000);
        await world.SendAsync(file.Attempts[0].Instruction!, 30_000);
        await world.MineAsync(1);
        var paid = await world.WaitForAsync(file, IntentStatus.Succeeded);
        var again = new OnChainRail(new ReceivingWallet(new(world.Merchant.Wallet), IsWatchOnly: false), world.Database, new OnChainRailOptions(), TimeProvider.System);
        await foreach (var reported in again.FollowAsync(0, Token))
        {
            await world.Service.ApplyAsync(RailKind.OnChain, reported with { Position = reported.Position + 1_000 }, Token);
            break;
        }

        Assert.Equal(paid.Intent.Version, (await world.FindAsync(file)).Intent.Version);
    }

    [Fact]
    public async Task Too_little_to_be_worth_an_output_and_holds_are_refused()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.OfferAsync(RailKind.OnChain, 999));
        Assert.Contains("amount_too_small", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.OfferAsync(RailKind.OnChain, 50_000, CaptureMethod.Manual));
        Assert.Contains("capture_method_not_supported", refused.Message, StringComparison.Ordinal);
    }

    // The same coins to the sender again, for a higher fee.
    private static async Task DoubleSpendAsync(RailWorld world, Transaction paid)
    {
        var wallet = world.Shopper.Wallet;
        var back = (await wallet.NewAddressAsync(WalletAccountKind.Bip84, "back", Token)).Value.Address;
        var input = paid.PreviousOutput(0);
        var coin = wallet.FindTransaction(input.TxId)!.Transaction.Output((int)input.Index);
        var psbt = PartiallySignedTransaction.Create(Spend(paid, back, coin.Value - new Satoshis(100_000))).Value;
        psbt = psbt.WithInput(0, psbt.Inputs[0] with { WitnessUtxo = coin });
        var signed = PsbtFinalizer.Extract(PsbtFinalizer.Complete(wallet.SignPsbt(psbt).Value.Psbt).Psbt).Value;
        var verdict = (await world.Chain.BroadcastAsync(signed, Token)).Value;
        Assert.True(verdict.IsAccepted, verdict.RejectReason);
    }

    private static Transaction Spend(Transaction paid, Address back, Satoshis amount) =>
        Transaction.Create(
            2,
            [paid.Inputs.First() with { Witness = Witness.Empty }],
            [new TxOut(amount, back.ScriptPubKey)],
            0);

    private static Task FollowedAsync(RailWorld world) => RailWorld.WaitAsync(async () =>
    {
        var (last, cursor) = await world.Database.ReadAsync(
            static async (transaction, token) => (await AttemptOutputs.LastPositionAsync(transaction, token), await Payments.Storage.RailCursors.ReadAsync(transaction, RailKind.OnChain, token)), Token);
        return last == cursor && BitcoinNetwork.Regtest == world.Merchant.Wallet.Network;
    });
}
