using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;
using Tributary.Rollup.Tests.Batches;
using Tributary.Storage.Errors;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Sequencing;

public sealed class SequencerTests : IDisposable
{
    private static readonly SeededEntropy s_entropy = new(11);
    private readonly SecretKey _key = SecretKey.Generate(s_entropy);
    private readonly Dictionary<uint, uint> _indices = [];

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Batches_of_a_sequencer_are_what_bitcoin_gives_back()
    {
        await using var world = await BatchWorld.CreateAsync();
        await using var sequencer = Open(world, new SimulatedDisk(1));
        await PrepareAsync(world, sequencer, 3);
        await sequencer.OpenBatchAsync(Opening(world, sequencer));
        var receipt = (await PayAsync(world, sequencer, 2, 3, 100)).Value;
        Assert.True(receipt.IsSignedBy(_key.PublicKey.ToXOnly(out _)));
        Assert.False((receipt with { Position = 7 }).IsSignedBy(_key.PublicKey.ToXOnly(out _)));
        Assert.True((await PayAsync(world, sequencer, 3, 4, 50)).IsOk);
        await AnchorAsync(world, await sequencer.CloseBatchAsync());

        Assert.Empty(world.Replica.Refused);
        Assert.Equal(sequencer.Root, world.Replica.Ledger!.Root);
        Assert.Equal(sequencer.Last, world.Replica.Batches.Last().Header);
        Assert.Equal(50_000u - 103, world.BalanceOf(2));
    }

    [Fact]
    public async Task What_may_not_be_taken_is_refused_by_name_and_changes_nothing()
    {
        await using var world = await BatchWorld.CreateAsync();
        await using var sequencer = Open(world, new SimulatedDisk(1));
        Assert.Equal("sequencer", (await sequencer.RegisterAsync(Registration(2))).Error.Field);
        await PrepareAsync(world, sequencer, 2);
        await sequencer.OpenBatchAsync(Opening(world, sequencer));
        var root = sequencer.Root;
        var (request, signature) = Sign(world, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), 10));
        var forged = signature.ToArray();
        forged[^1] ^= 1;
        Assert.False((await sequencer.SubmitAsync(request, forged)).IsOk);
        Assert.Equal("authorisation.account", (await sequencer.SubmitAsync(request with { Authorisation = request.Authorisation!.Value with { Account = new AccountId(99) } }, signature)).Error.Field);
        Assert.Equal("authorisation", (await sequencer.SubmitAsync(new(new Deposit(3, AssetId.Bitcoin, new AccountId(2), 5), null), default)).Error.Field);
        Assert.Equal("authorisation.fee", (await sequencer.SubmitAsync(request with { Authorisation = request.Authorisation.Value with { Fee = 0 } }, signature)).Error.Field);
        Assert.Equal("amount", (await sequencer.SubmitAsync(request with { Operation = new Withdraw(AssetId.Bitcoin, 999, new byte[22]) }, signature)).Error.Field);
        Assert.Equal("script", (await sequencer.SubmitAsync(request with { Operation = new Withdraw(AssetId.Bitcoin, 9_999, new byte[] { 0x51 }) }, signature)).Error.Field);
        Assert.Equal(root, sequencer.Root);
        Assert.True((await sequencer.SubmitAsync(request, signature)).IsOk);
        Assert.Equal("authorisation.index", (await sequencer.SubmitAsync(request, signature)).Error.Field);
    }

    [Fact]
    public async Task Nothing_that_was_answered_for_is_lost_wherever_the_power_fails()
    {
        await using var world = await BatchWorld.CreateAsync();
        var disk = new SimulatedDisk(5);
        await using (var first = Open(world, disk))
            await PrepareAsync(world, first, 4);
        var answered = 0ul;
        for (var life = 0; life < 12; life++)
        {
            disk.FailPowerAfter(2 + (7 * life % 31));
            try
            {
                await using var sequencer = Open(world, disk);
                for (var i = 0; i < 6; i++)
                {
                    if (sequencer.OpenBatch is null)
                        await sequencer.OpenBatchAsync(Opening(world, sequencer));
                    var account = 2u + (uint)(i % 3);
                    _indices[account] = sequencer.FindAccount(new AccountId(account)).NextIndex;
                    if ((await PayAsync(world, sequencer, account, 5, 1)).IsOk)
                        answered++;
                    if (i == 4 && sequencer.OpenBatch is not null)
                        _ = await sequencer.CloseBatchAsync();
                }
            }
            catch (Exception exception) when (exception is StorageStoppedException or InvalidOperationException or IOException)
            {
                Assert.True(disk.IsDown, exception.ToString());
            }

            disk.Restart();
        }

        // What is on disk without an answer may count as well: never less than what was answered for.
        await using var last = Open(world, disk);
        Assert.True(answered > 10, $"{answered} operations were answered for");
        Assert.InRange(last.FindBalance(new AccountId(5), AssetId.Bitcoin).Units, (UInt128)(50_000 + answered), (UInt128)(50_000 + answered + 12));

        foreach (var batch in last.Closed.Skip((int)world.Replica.Batches.Last().Header.Number))
            await AnchorAsync(world, batch);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(last.Last, world.Replica.Batches.Last().Header);
    }

    [Fact]
    public async Task Batches_on_a_block_that_bitcoin_took_back_are_made_again_and_what_no_longer_fits_is_revoked()
    {
        await using var world = await BatchWorld.CreateAsync();
        var disk = new SimulatedDisk(1);
        Sequencer sequencer;
        await using (sequencer = Open(world, disk))
        {
            await PrepareAsync(world, sequencer, 3);
            await world.Chain.DepositAsync(new Satoshis(9_000), new AccountId(2));
            await world.MineAsync(1);
            await sequencer.OpenBatchAsync(Opening(world, sequencer));
            Assert.True((await PayAsync(world, sequencer, 2, 3, 52_000)).IsOk);
            Assert.True((await PayAsync(world, sequencer, 4, 3, 10)).IsOk);
            var lost = await sequencer.CloseBatchAsync();
            await sequencer.OpenBatchAsync(Opening(world, sequencer));
            Assert.True((await PayAsync(world, sequencer, 4, 3, 20)).IsOk);

            // The block with the deposit goes; the payment that spent it has no money any more.
            await world.Chain.ReorganiseAsync(1);
            world.Show();
            var opening = Opening(world, world.Replica.Batches.Last().Header);
            Assert.Empty(opening.Deposits);
            var revoked = await sequencer.RewindAsync(lost.Header.Number, opening);
            Assert.Equal(52_000u, ((Transfer)Assert.Single(revoked).Request.Operation).Amount.Units);
            await AnchorAsync(world, await sequencer.CloseBatchAsync());
        }

        Assert.Empty(world.Replica.Refused);
        Assert.Equal(50_030u, world.BalanceOf(3));
        await using var again = Open(world, disk);
        Assert.Equal(world.Replica.Ledger!.Root, again.Root);
    }

    [Fact]
    public async Task Many_callers_are_served_at_once_and_segments_are_cut_by_their_signatures()
    {
        await using var world = await BatchWorld.CreateAsync();
        await using var sequencer = Open(world, new SimulatedDisk(1), new SequencerOptions { SegmentSignatures = 5 });
        await PrepareAsync(world, sequencer, 6);
        await sequencer.OpenBatchAsync(Opening(world, sequencer));
        var signed = Enumerable.Range(0, 18).Select(i => Sign(world, 2 + (uint)(i % 6), new Transfer(AssetId.Bitcoin, new AccountId(2 + (uint)((i + 1) % 6)), 10))).ToArray();
        var receipts = new List<Receipt>();
        foreach (var round in signed.Chunk(6))
            receipts.AddRange((await Task.WhenAll(round.Select(one => Task.Run(() => sequencer.SubmitAsync(one.Request, one.Signature))))).Select(static answer => answer.Value));
        Assert.Equal(Enumerable.Range(0, 18), receipts.Select(static receipt => receipt.Position).Order());
        var closed = await sequencer.CloseBatchAsync();
        Assert.Equal(4, closed.Segments.Count);
        await AnchorAsync(world, closed);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(sequencer.Root, world.Replica.Ledger!.Root);
    }

    [Fact]
    public async Task Checkpoint_takes_the_place_of_settled_batches_and_loses_nothing()
    {
        await using var world = await BatchWorld.CreateAsync();
        var disk = new SimulatedDisk(1);
        Bytes32 operation;
        await using (var sequencer = Open(world, disk))
        {
            await PrepareAsync(world, sequencer, 3);
            await sequencer.OpenBatchAsync(Opening(world, sequencer));
            operation = (await PayAsync(world, sequencer, 2, 3, 100)).Value.Operation;
            _ = await sequencer.CloseBatchAsync();
            await sequencer.OpenBatchAsync(Opening(world, sequencer));
            Assert.True((await PayAsync(world, sequencer, 3, 4, 7)).IsOk);
            Assert.False(await sequencer.CheckpointAsync(9, TestContext.Current.CancellationToken));
            Assert.True(await sequencer.CheckpointAsync(3, TestContext.Current.CancellationToken));
            Assert.Equal([3ul], sequencer.Closed.Select(static batch => batch.Header.Number));
            Assert.True((await PayAsync(world, sequencer, 4, 2, 5)).IsOk);
        }

        await using var again = Open(world, disk);
        Assert.Equal([3ul], again.Closed.Select(static batch => batch.Header.Number));
        Assert.Equal(new OperationPlace(3, 0), again.Find(operation));
        Assert.Equal(new AccountId(3), again.FindKey(TestRollup.KeyOf(3).PublicKey.Root));
        Assert.Equal(2, again.OpenOperations);
        Assert.Equal(50_000u - 103 + 5, again.FindBalance(new AccountId(2), AssetId.Bitcoin).Units);

        // What is kept can still be made anew, and what comes after is what Bitcoin gives back.
        Assert.Empty(await again.RewindAsync(3, Opening(world, world.Replica.Batches.Last().Header)));
        await AnchorAsync(world, await again.CloseBatchAsync());
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(again.Root, world.Replica.Ledger!.Root);
    }

    [Fact]
    public async Task Checkpoint_that_the_power_cuts_short_changes_nothing()
    {
        await using var world = await BatchWorld.CreateAsync();
        var cuts = 0;
        for (var operations = 1; operations < 24; operations += 2)
        {
            var disk = new SimulatedDisk((ulong)operations);
            await using (var sequencer = Open(world, disk))
            {
                for (var i = 0u; i < 2; i++)
                {
                    await sequencer.OpenBatchAsync(Opening(world, sequencer));
                    Assert.True((await sequencer.RegisterAsync(Registration(2 + i))).IsOk);
                    _ = await sequencer.CloseBatchAsync();
                }

                disk.FailPowerAfter(operations);
                try
                {
                    Assert.True(await sequencer.CheckpointAsync(2, TestContext.Current.CancellationToken));
                }
                catch (Exception exception) when (exception is StorageStoppedException or IOException)
                {
                    Assert.True(disk.IsDown, exception.ToString());
                    cuts++;
                }
            }

            disk.Restart();
            await using var after = Open(world, disk);
            Assert.Equal(2ul, after.Last!.Number);
            Assert.Equal(new AccountId(3), after.FindKey(Registration(3).KeyRoot));
            Assert.Equal(after.Last.RootAfter, after.Root);
        }

        Assert.InRange(cuts, 2, 12);
    }

    [Fact]
    public async Task Batches_that_are_made_again_are_no_longer_than_an_envelope_holds()
    {
        await using var world = await BatchWorld.CreateAsync();
        var options = new SequencerOptions { BatchOperations = 6 };
        await using var sequencer = Open(world, new SimulatedDisk(1), options);
        await PrepareAsync(world, sequencer, 5);
        for (var batch = 0; batch < 3; batch++)
        {
            await sequencer.OpenBatchAsync(Opening(world, sequencer));
            for (var i = 0u; i < 6; i++)
                Assert.True((await PayAsync(world, sequencer, 2 + (i % 5), 2 + ((i + 1) % 5), 3)).IsOk);
            Assert.True(sequencer.IsFull);
            Assert.Equal("sequencer", (await PayAsync(world, sequencer, 2, 3, 1)).Error.Field);
            _ = await sequencer.CloseBatchAsync();
        }

        var before = sequencer.Root;
        Assert.Empty(await sequencer.RewindAsync(3, Opening(world, world.Replica.Batches.Last().Header)));
        Assert.Equal([1ul, 2, 3, 4], sequencer.Closed.Select(static batch => batch.Header.Number));
        _ = await sequencer.CloseBatchAsync();
        Assert.Equal(before, sequencer.Root);
        foreach (var batch in sequencer.Closed.Skip(2))
            await AnchorAsync(world, batch);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(before, world.Replica.Ledger!.Root);
    }

    [Fact]
    public async Task Many_that_come_at_once_are_taken_in_order_with_bad_ones_among_them_and_the_log_gives_the_same()
    {
        await using var world = await BatchWorld.CreateAsync();
        var disk = new SimulatedDisk(1);
        TreeDigest root;
        await using (var sequencer = Open(world, disk))
        {
            await PrepareAsync(world, sequencer, 5);
            await sequencer.OpenBatchAsync(Opening(world, sequencer));
            var position = sequencer.OpenOperations;
            var answers = new List<(bool IsGood, Task<Primitives.Results.Result<Receipt, Primitives.Results.Refusal>> Answer)>();
            for (var i = 0u; i < 150; i++)
            {
                var (request, signature) = Sign(world, 2 + (i % 5), new Transfer(AssetId.Bitcoin, new AccountId(2 + ((i + 1) % 5)), 1 + i));
                if (i % 7 == 3)
                {
                    var forged = signature.ToArray();
                    forged[(int)i * 5] ^= 1;
                    answers.Add((false, sequencer.SubmitAsync(request, forged)));
                }

                answers.Add((true, sequencer.SubmitAsync(request, signature)));
            }

            var operatorKey = _key.PublicKey.ToXOnly(out _);
            foreach (var (isGood, answer) in answers)
            {
                var result = await answer;
                Assert.Equal(isGood, result.IsOk);
                if (!isGood)
                    continue;
                Assert.Equal(position++, result.Value.Position);
                Assert.True(result.Value.IsSignedBy(operatorKey));
            }

            await AnchorAsync(world, await sequencer.CloseBatchAsync());
            Assert.Empty(world.Replica.Refused);
            root = sequencer.Root;
            Assert.Equal(root, world.Replica.Ledger!.Root);
        }

        disk.Restart();
        await using var again = Open(world, disk);
        Assert.Equal(root, again.Root);
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_and_none_is_lost()
    {
        await using var world = await BatchWorld.CreateAsync();
        await using var sequencer = Open(world, new SimulatedDisk(1), new SequencerOptions { WaitingMax = 0 });
        await sequencer.OpenBatchAsync(Opening(world, sequencer));
        Assert.Equal("sequencer", (await sequencer.RegisterAsync(Registration(2))).Error.Field);
        Assert.Equal(0, sequencer.OpenOperations);
    }

    private static BatchOpening Opening(BatchWorld world, Sequencer sequencer) => Opening(world, sequencer.Last);

    private static BatchOpening Opening(BatchWorld world, BatchHeader? before) =>
        BatchOpening.At((uint)(world.Replica.NextHeight - 1), before, world.Replica.Posts, world.Replica.Deposits, world.Replica.Chain);

    private static RegisterAccount Registration(uint account) => new(TestRollup.KeyOf(account).PublicKey.Root, TestRollup.KeyOf(account).PublicKey.Parameters);

    private static async Task AnchorAsync(BatchWorld world, ClosedBatch batch)
    {
        await world.Chain.SendBatchAsync(batch.Header, batch.Body.Span);
        await world.MineAsync(1);
    }

    private static async Task PrepareAsync(BatchWorld world, Sequencer sequencer, int users)
    {
        await sequencer.OpenBatchAsync(Opening(world, sequencer));
        for (var i = 0u; i < users; i++)
            Assert.True((await sequencer.RegisterAsync(Registration(2 + i))).IsOk);
        await AnchorAsync(world, await sequencer.CloseBatchAsync());
        for (var i = 0u; i < users; i++)
            await world.Chain.DepositAsync(new Satoshis(50_000), new AccountId(2 + i));
        await world.MineAsync(1);
        await sequencer.OpenBatchAsync(Opening(world, sequencer));
        await AnchorAsync(world, await sequencer.CloseBatchAsync());
        Assert.Empty(world.Replica.Refused);
    }

    private Sequencer Open(BatchWorld world, SimulatedDisk disk, SequencerOptions? options = null) =>
        Sequencer.Open(disk.Folder(), world.Replica.Chain.Beginning!, options ?? new SequencerOptions(), _key, s_entropy).Value;

    private Task<Primitives.Results.Result<Receipt, Primitives.Results.Refusal>> PayAsync(BatchWorld world, Sequencer sequencer, uint from, uint to, ulong amount)
    {
        var (request, signature) = Sign(world, from, new Transfer(AssetId.Bitcoin, new AccountId(to), amount));
        return sequencer.SubmitAsync(request, signature);
    }

    private (OperationRequest Request, byte[] Signature) Sign(BatchWorld world, uint account, Operation operation)
    {
        var index = _indices.GetValueOrDefault(account);
        _indices[account] = index + 1;
        var request = new OperationRequest(operation, new Authorisation(new AccountId(account), index, 3, uint.MaxValue));
        return (request, TestRollup.KeyOf(account).Sign(index, OperationDigest.Compute(world.Chain.Rollup, request)).Value);
    }
}
