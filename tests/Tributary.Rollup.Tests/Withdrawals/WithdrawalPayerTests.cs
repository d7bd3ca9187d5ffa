using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Tests.Batches;
using Tributary.Rollup.Tests.Proving;
using Tributary.Rollup.Withdrawals;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Withdrawals;

/// <summary>Withdrawals from the signature to the output on a chain that validates everything, and what a replica that sees blocks and proofs alone says of them.</summary>
public sealed class WithdrawalPayerTests
{
    private static readonly PayerOptions Options = new() { Depth = 2 };
    private readonly SeededEntropy _entropy = new(31);
    private readonly SimulatedDisk _disk = new(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Script Destination(byte which) => StandardScripts.P2wpkh(Enumerable.Repeat(which, 20).ToArray());

    /// <summary>Two users, and a vault with something beyond what it owes.</summary>
    private static async Task<BatchWorld> CreateAsync(long surplus = 50_000)
    {
        var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        if (surplus > 0)
            await world.Chain.TopUpAsync(new Satoshis(surplus));
        await world.MineAsync(1);
        return world;
    }

    private static async Task WithdrawAsync(BatchWorld world, params (uint Account, ulong Amount, Script Script)[] withdrawals)
    {
        var (header, body) = world.Make(builder =>
        {
            foreach (var (account, amount, script) in withdrawals)
            {
                var (request, signature) = world.Sign(account, new Withdraw(AssetId.Bitcoin, amount, script.Memory));
                Assert.Null(builder.Add(request, signature).Refusal);
            }
        });
        await world.AnchorAsync(header, body);
    }

    private static void Prove(BatchWorld world)
    {
        while (world.Replica.NextToProve is { } next)
            Assert.Null(world.Replica.Prove(WeakProofs.Prove(world.Segments[(int)next.Number])));
    }

    private async Task<Result<PayoutStep, Refusal>> StepAsync(BatchWorld world, CrashingChain chain, PayerOptions? options = null)
    {
        await using var journal = PayoutJournal.Open(_disk.Folder("payouts"), world.Chain.Rollup, _entropy).Value;
        return await new WithdrawalPayer(world.Replica, chain, world.Chain.VaultKey, journal, _entropy, options ?? Options).StepAsync(Token);
    }

    private static Satoshis PaidTo(BatchWorld world, Script script) => world.Chain.Blocks
        .SelectMany(static block => block.Transactions)
        .SelectMany(static transaction => transaction.Outputs)
        .Where(output => output.ScriptPubKey == script)
        .Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);

    private static WithdrawalState[] States(BatchWorld world) => [.. world.Replica.FindWithdrawals().Select(static owed => owed.State)];

    [Fact]
    public async Task Withdrawals_are_paid_once_they_are_proven_and_deep_and_every_replica_sees_it()
    {
        await using var world = await CreateAsync();
        var chain = new CrashingChain(world.Chain.Chain);
        await WithdrawAsync(world, (2, 20_000, Destination(1)), (3, 10_000, Destination(2)));
        Assert.Equal([WithdrawalState.Unproven, WithdrawalState.Unproven], States(world));
        Assert.Null((await StepAsync(world, chain)).Value.Transaction);

        Prove(world);
        Assert.Equal([WithdrawalState.Due, WithdrawalState.Due], States(world));
        Assert.Null((await StepAsync(world, chain)).Value.Transaction);
        var before = world.Replica.ReportLiabilities()!;
        Assert.Equal(new Satoshis(30_000), before.UnpaidWithdrawals);
        Assert.Equal(new Satoshis(70_000), before.Supply);
        Assert.Equal(new Satoshis(50_000), before.Surplus);

        await world.MineAsync(1);
        var payout = (await StepAsync(world, chain)).Value.Transaction!;
        Assert.Equal(payout, (await StepAsync(world, chain)).Value.Transaction);
        await world.MineAsync(1);
        Assert.Equal([WithdrawalState.Paid, WithdrawalState.Paid], States(world));
        Assert.Equal([payout.TxId, payout.TxId], world.Replica.FindWithdrawals().Select(static owed => owed.PaidBy!.Value));
        Assert.Null((await StepAsync(world, chain)).Value.Transaction);
        Assert.Equal(new Satoshis(20_000), PaidTo(world, Destination(1)));

        var after = world.Replica.ReportLiabilities()!;
        Assert.True(after.IsCovered && after.IsProven);
        Assert.Equal(Satoshis.Zero, after.UnpaidWithdrawals);
        Assert.InRange(after.Surplus.Value, 48_000, 49_999);
        Assert.Equal([new(0), new(30_000)], world.Replica.Liabilities.Select(static report => report.UnpaidWithdrawals));

        var late = new RollupReplica(1, null, WeakProofs.Verifier);
        for (var i = 0; i < world.Chain.Blocks.Count; i++)
            late.Connect(i + 1, world.Chain.Blocks[i]);
        Assert.Equal([WithdrawalState.Paid, WithdrawalState.Paid], late.FindWithdrawals().Select(static owed => owed.State));
        Assert.Equal(after with { IsProven = false }, late.ReportLiabilities());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_process_that_dies_around_the_broadcast_pays_once(bool before, bool after)
    {
        await using var world = await CreateAsync();
        var chain = new CrashingChain(world.Chain.Chain) { DiesBefore = before, DiesAfter = after };
        await WithdrawAsync(world, (2, 20_000, Destination(1)));
        Prove(world);
        await world.MineAsync(1);
        for (var life = 0; life < 3; life++)
            await Assert.ThrowsAsync<OperationCanceledException>(() => StepAsync(world, chain));
        (chain.DiesBefore, chain.DiesAfter) = (false, false);
        Assert.NotNull((await StepAsync(world, chain)).Value.Transaction);
        Assert.Single(chain.HandedIn.Select(static transaction => transaction.TxId).Distinct());
        await world.MineAsync(3);
        Assert.Null((await StepAsync(world, chain)).Value.Transaction);
        Assert.Equal(new Satoshis(20_000), PaidTo(world, Destination(1)));
        Assert.Single(world.Replica.Vault!.Spends);
    }

    [Fact]
    public async Task A_payer_that_has_lost_its_journal_spends_the_same_coin_again()
    {
        await using var world = await CreateAsync();
        var chain = new CrashingChain(world.Chain.Chain);
        await WithdrawAsync(world, (2, 20_000, Destination(1)));
        Prove(world);
        await world.MineAsync(1);
        var first = (await StepAsync(world, chain)).Value.Transaction!;
        await using var journal = PayoutJournal.Open(_disk.Folder("another"), world.Chain.Rollup, _entropy).Value;
        var again = await new WithdrawalPayer(world.Replica, chain, world.Chain.VaultKey, journal, _entropy, Options).StepAsync(Token);
        Assert.Equal(first.PreviousOutput(0), chain.HandedIn[^1].PreviousOutput(0));
        Assert.True(!again.IsOk || again.Value.Transaction!.TxId == first.TxId);
        await world.MineAsync(2);
        Assert.Equal(new Satoshis(20_000), PaidTo(world, Destination(1)));
    }

    [Fact]
    public async Task A_payout_that_bitcoin_takes_back_is_handed_in_again()
    {
        await using var world = await CreateAsync();
        var chain = new CrashingChain(world.Chain.Chain);
        await WithdrawAsync(world, (2, 20_000, Destination(1)));
        Prove(world);
        await world.MineAsync(3);
        var payout = (await StepAsync(world, chain)).Value.Transaction!;
        await world.MineAsync(1);
        Assert.Equal([WithdrawalState.Paid], States(world));
        await world.Chain.ReorganiseAsync(1);
        world.Show();
        if (world.Replica.FindWithdrawals()[0].State == WithdrawalState.Due)
        {
            Assert.Equal(payout.TxId, (await StepAsync(world, chain)).Value.Transaction!.TxId);
            await world.MineAsync(1);
        }

        Assert.Equal([WithdrawalState.Paid], States(world));
        Assert.Equal(new Satoshis(20_000), PaidTo(world, Destination(1)));
        Assert.Single(chain.HandedIn.Select(static transaction => transaction.TxId).Distinct());
    }

    [Fact]
    public async Task A_payout_that_waits_too_long_is_replaced_by_one_that_spends_its_coins()
    {
        await using var world = await CreateAsync();
        var chain = new CrashingChain(world.Chain.Chain) { DiesBefore = true };
        await WithdrawAsync(world, (2, 20_000, Destination(1)));
        Prove(world);
        await world.MineAsync(1);
        await using var journal = PayoutJournal.Open(_disk.Folder("payouts"), world.Chain.Rollup, _entropy).Value;
        var payer = new WithdrawalPayer(world.Replica, chain, world.Chain.VaultKey, journal, _entropy, Options with { PatienceBlocks = 0 });
        await Assert.ThrowsAsync<OperationCanceledException>(() => payer.StepAsync(Token));
        chain.DiesBefore = false;
        var first = (await payer.StepAsync(Token)).Value.Transaction!;
        var second = (await payer.StepAsync(Token)).Value.Transaction!;
        Assert.NotEqual(first.TxId, second.TxId);
        Assert.Equal(first.PreviousOutput(0), second.PreviousOutput(0));
        Assert.Equal([first.TxId, second.TxId], journal.Payouts.Select(static payout => payout.Transaction.TxId));
        await world.MineAsync(1);
        Assert.Equal(second.TxId, world.Replica.FindWithdrawals()[0].PaidBy);
        Assert.Equal(new Satoshis(20_000), PaidTo(world, Destination(1)));
    }

    [Fact]
    public async Task What_nodes_do_not_relay_is_passed_over_and_stays_owed()
    {
        await using var world = await CreateAsync();
        var chain = new CrashingChain(world.Chain.Chain);
        await WithdrawAsync(world, (2, 999, Destination(1)), (2, 5_000, new Script(new byte[] { 0x51 })), (3, 7_000, Destination(2)));
        Prove(world);
        await world.MineAsync(1);
        Assert.Equal([WithdrawalState.Unpayable, WithdrawalState.Unpayable, WithdrawalState.Due], States(world));
        var payout = (await StepAsync(world, chain)).Value.Transaction!;
        Assert.Equal(new PayoutMarker(3, 1), PayoutMarker.Read(payout.Output(0).ScriptPubKey, world.Chain.Rollup));
        await world.MineAsync(1);
        Assert.Equal([WithdrawalState.Unpayable, WithdrawalState.Unpayable, WithdrawalState.Paid], States(world));
        Assert.Equal(new Satoshis(5_999), world.Replica.ReportLiabilities()!.UnpaidWithdrawals);
        Assert.Equal("script", WithdrawalRules.Check(AssetId.Bitcoin, 5_000, new byte[] { 0x51 })!.Field);
        Assert.Equal("amount", WithdrawalRules.Check(AssetId.Bitcoin, 999, Destination(1).Memory)!.Field);
        Assert.Equal("asset", WithdrawalRules.Check(new AssetId(1), 5_000, Destination(1).Memory)!.Field);
    }

    [Fact]
    public async Task A_vault_pays_no_miner_with_its_users_coins()
    {
        await using var world = await CreateAsync(surplus: 0);
        var chain = new CrashingChain(world.Chain.Chain);
        await WithdrawAsync(world, (2, 20_000, Destination(1)));
        Prove(world);
        await world.MineAsync(1);
        Assert.Equal("vault", (await StepAsync(world, chain)).Error.Field);
        Assert.Empty(chain.HandedIn);
        await world.Chain.TopUpAsync(new Satoshis(5_000));
        await world.MineAsync(1);
        Assert.NotNull((await StepAsync(world, chain)).Value.Transaction);
        await world.MineAsync(1);
        Assert.True(world.Replica.ReportLiabilities()!.IsCovered);
    }

    [Fact]
    public async Task A_payout_that_pays_less_or_somebody_else_or_twice_counts_for_nothing()
    {
        await using var world = await CreateAsync();
        await WithdrawAsync(world, (2, 20_000, Destination(1)), (3, 10_000, Destination(2)));
        Prove(world);
        (PayoutMarker Marker, TxOut[] Payments)[] tries =
        [
            (new PayoutMarker(1, 1), [new(new Satoshis(19_999), Destination(1))]),
            (new PayoutMarker(1, 1), [new(new Satoshis(20_000), Destination(2))]),
            (new PayoutMarker(2, 1), [new(new Satoshis(20_000), Destination(1))]),
            (new PayoutMarker(9, 1), [new(new Satoshis(20_000), Destination(1))]),
        ];
        foreach (var (marker, payments) in tries)
            await SpendVaultAsync(world, marker, payments);
        Assert.Equal([WithdrawalState.Due, WithdrawalState.Due], States(world));
        await SpendVaultAsync(world, new PayoutMarker(2, 1), new TxOut(new Satoshis(10_000), Destination(2)));
        Assert.Equal([WithdrawalState.Due, WithdrawalState.Paid], States(world));

        // Both at once: the second is paid already, so it is not a payout of the first either.
        await SpendVaultAsync(world, new PayoutMarker(1, 2), new TxOut(new Satoshis(20_000), Destination(1)), new TxOut(new Satoshis(10_000), Destination(2)));
        Assert.Equal([WithdrawalState.Due, WithdrawalState.Paid], States(world));
        Assert.False(world.Replica.ReportLiabilities()!.IsCovered);
    }

    private async Task SpendVaultAsync(BatchWorld world, PayoutMarker marker, params TxOut[] payments)
    {
        var vault = world.Replica.Vault!;
        var draft = new PayoutTransaction(world.Chain.Rollup, vault.Script, marker, payments);
        var coins = draft.Choose([], vault.Coins, new FeeratePerKvB(2_000))!;
        await world.Chain.BroadcastAsync(draft.Sign(coins, new FeeratePerKvB(2_000), world.Chain.VaultKey, _entropy).Value);
        await world.MineAsync(1);
    }
}
