using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Tests.Batches;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Liabilities;

/// <summary>What a verifier finds in the vault against what the rollup owes.</summary>
public sealed class LiabilityReportTests
{
    private static readonly Script Elsewhere = StandardScripts.P2wpkh(new byte[20]);

    [Fact]
    public async Task An_operator_that_spends_the_vaults_coins_is_seen_in_the_next_block()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(3);
        while (world.Replica.NextToProve is { } next)
            Assert.Null(world.Replica.Prove(WeakProofs.Prove(world.Segments[(int)next.Number])));
        var honest = world.Replica.ReportLiabilities()!;
        Assert.True(honest.IsCovered && honest.IsProven);
        Assert.Equal((new Satoshis(150_000), new Satoshis(150_000)), (honest.VaultCoins, honest.Supply));
        Assert.StartsWith("covered", honest.ToString(), StringComparison.Ordinal);

        await StealAsync(world);
        var robbed = world.Replica.ReportLiabilities()!;
        Assert.False(robbed.IsCovered);
        Assert.Equal(new Satoshis(-50_000), robbed.Surplus);
        Assert.Contains("NOT covered", robbed.ToString(), StringComparison.Ordinal);
        Assert.Null(Assert.Single(world.Replica.Vault!.Spends).Payout);

        // The batch before was covered, the one after is not; and giving back what was taken mends it.
        var (header, body) = world.Make(builder => world.Pay(builder, 2, 3, 5));
        await world.AnchorAsync(header, body);
        Assert.Equal([true, false], world.Replica.Liabilities.Select(static report => report.IsCovered));
        Assert.Equal([true, false], world.Replica.Liabilities.Select(static report => report.IsProven));
        await world.Chain.TopUpAsync(new Satoshis(50_000));
        await world.MineAsync(1);
        Assert.True(world.Replica.ReportLiabilities()!.IsCovered);

        // All of it comes and goes with the blocks.
        await world.Chain.ReorganiseAsync(1);
        world.Show();
        Assert.Equal(world.Chain.Blocks[^1].Transactions.Length > 1, world.Replica.ReportLiabilities()!.IsCovered);
    }

    [Fact]
    public async Task Deposits_are_owed_from_their_block_on_and_credited_once()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        await world.Chain.DepositAsync(new Satoshis(9_000), new AccountId(2));
        await world.Chain.DepositAsync(new Satoshis(4_000), new AccountId(99));
        await world.MineAsync(1);
        var waiting = world.Replica.ReportLiabilities()!;
        Assert.Equal(new Satoshis(13_000), waiting.WaitingDeposits);
        Assert.Equal(Satoshis.Zero, waiting.Surplus);

        var (header, body) = world.Make(static _ => { });
        await world.AnchorAsync(header, body);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(59_000u, world.BalanceOf(2));
        var taken = world.Replica.ReportLiabilities()!;
        Assert.Equal((new Satoshis(0), new Satoshis(4_000)), (taken.WaitingDeposits, taken.UnclaimedDeposits));
        Assert.Equal(Satoshis.Zero, taken.Surplus);

        // The same deposit again, or one that nobody paid: no batch of these counts.
        foreach (var amount in (ulong[])[9_000, 1])
        {
            var (replayed, replayedBody) = world.Make(builder =>
                Assert.Null(builder.Add(new(new Deposit(4, AssetId.Bitcoin, new AccountId(2), amount), null), []).Refusal));
            await world.AnchorAsync(replayed, replayedBody);
            Assert.Equal("batch.body[0].operations[0].deposit", world.Replica.Refused[^1].Why.Field);
            world.Forget(header);
        }

        Assert.Equal(59_000u, world.BalanceOf(2));
    }

    [Fact]
    public async Task A_deposit_that_bitcoin_takes_back_takes_its_batch_with_it()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        var before = world.Replica.Ledger!.Root;
        await world.Chain.DepositAsync(new Satoshis(9_000), new AccountId(2));
        await world.MineAsync(1);
        var (header, body) = world.Make(static _ => { });
        await world.AnchorAsync(header, body);
        Assert.Equal(59_000u, world.BalanceOf(2));

        await world.Chain.ReorganiseAsync(2);
        world.Show();
        Assert.Equal(before, world.Replica.Ledger.Root);
        Assert.Equal(50_000u, world.BalanceOf(2));
        var report = world.Replica.ReportLiabilities()!;
        Assert.True(report.IsCovered);
        Assert.Equal(report.VaultCoins, report.Supply + report.WaitingDeposits);
    }

    private static async Task StealAsync(BatchWorld world)
    {
        var vault = world.Replica.Vault!;
        var coin = vault.Coins.First();
        var draft = Transaction.Create(2, [new TxIn(coin.Output)], [new TxOut(coin.Value - new Satoshis(1_000), Elsewhere)]);
        var signature = new byte[64];
        Schnorr.Sign(world.Chain.VaultKey, SignatureHash.Taproot(draft, 0, [new TxOut(coin.Value, vault.Script)], SighashType.Default).Span, new SeededEntropy(1), signature);
        await world.Chain.BroadcastAsync(draft.WithInputs([draft.Input(0) with { Witness = Witness.Of(signature) }]));
        await world.MineAsync(1);
    }
}
