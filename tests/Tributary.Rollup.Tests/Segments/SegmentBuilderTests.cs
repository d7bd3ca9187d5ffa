using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.Pools;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Segments;
using Tributary.Rollup.State;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Segments;

public sealed class SegmentBuilderTests
{
    private static readonly Bytes32[] Preimages = [.. Enumerable.Range(0, 2).Select(static i => new Bytes32(SHA256.HashData([(byte)i])))];

    private static Operation Draw(TestRandom random, uint accounts)
    {
        var asset = new AssetId((uint)random.Next(5) / 3);
        AccountId account = new((uint)random.Next((int)accounts + 2)), other = new((uint)random.Next((int)accounts + 2));
        Amount amount = random.NextUInt64() >> (42 + random.Next(22));
        var preimage = Preimages[random.Next(2)];
        var key = TestRollup.Keys[random.Next(8)].PublicKey;
        return random.Next(16) switch
        {
            0 => new TransferMany(asset, account < other ? [new Payment(account, amount), new Payment(other, 7)] : [new Payment(account, amount)]),
            1 => new CreateAsset((byte)random.Next(40), amount, preimage),
            2 => new Issue(asset, new AccountId(2 + (uint)random.Next(2)), amount),
            3 => new Retire(asset, amount),
            4 => new Withdraw(AssetId.Bitcoin, amount, random.Bytes(random.Next(44))),
            5 => new LockHtlc(asset, account, amount, new Bytes32(SHA256.HashData(preimage.Span)), TestRollup.Height + (uint)random.Next(5)),
            6 => new RegisterAccount(key.Root, key.Parameters),
            7 => new RegisterAccount(new Bytes32([.. Enumerable.Repeat((byte)0xff, 32)]), key.Parameters),
            8 => new ClaimHtlc(new HtlcId(1 + (ulong)random.Next(3)), preimage),
            9 => new RefundHtlc(new HtlcId(1 + (ulong)random.Next(3))),
            10 => new Deposit(5 + (ulong)random.Next(3), AssetId.Bitcoin, account, amount),
            11 => new CreatePool(AssetId.Bitcoin, new AssetId(1)),
            _ => new Transfer(asset, account, amount),
        };
    }

    [Fact]
    public void Engine_and_witness_agree_on_random_operations_and_on_what_is_refused()
    {
        var iterations = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_ITERATIONS"), out var given) ? given : 900;
        var random = new TestRandom(90);
        var (taken, refused) = (new HashSet<OperationCode>(), 0);
        var rollup = new TestRollup(6);
        for (var segment = 0; segment * 60 < iterations; segment++)
        {
            if (segment % 4 == 0)
                rollup = new TestRollup(6);
            var builder = rollup.Open(TestRollup.Height + (uint)(segment % 4));
            for (var i = 0; i < 60; i++)
            {
                var operation = Draw(random, 8);
                var digest = StateSnapshot.Digest(rollup.Engine.State);
                Outcome outcome;
                if (operation is ClaimHtlc or RefundHtlc or Deposit || (operation is RegisterAccount && random.Next(2) == 0))
                {
                    outcome = builder.Add(new OperationRequest(operation, null), []);
                }
                else
                {
                    var account = operation is CreateAsset or Issue or Retire ? 2 : 1 + (uint)random.Next(7);
                    var next = rollup.Engine.State.Read(FinanceLeaves.Accounts, account).NextIndex;
                    rollup.SetIndex(account, next);
                    var (request, signature) = rollup.Sign(account, operation, (ulong)random.Next(3), random.Next(6) == 0 ? 2u : 0);
                    if (random.Next(20) == 0)
                        signature[100] ^= 1;
                    outcome = builder.Add(request, signature);
                }

                if (outcome.IsAccepted)
                    taken.Add(operation.Code);
                else
                    Assert.Equal((digest, ++refused), (StateSnapshot.Digest(rollup.Engine.State), refused));
            }

            var closed = builder.Close();
            Assert.Equal(rollup.Tree.Root, closed.RootAfter);
            Assert.Equal(StateTree.Build(rollup.Engine.State).Value.Root, closed.RootAfter);
            if (segment % 4 == 1)
                Assert.Empty(SegmentProofTests.Faults(closed));

            // A node that has only what was posted gets the same state.
            Assert.Equal(closed.Body.Operations, SegmentBody.Read(closed.BodyBytes.Span).Value.Operations);
        }

        Assert.Equal([], ((OperationCode[])
        [
            OperationCode.RegisterAccount, OperationCode.CreateAsset, OperationCode.Issue, OperationCode.Retire, OperationCode.Deposit, OperationCode.Withdraw,
            OperationCode.Transfer, OperationCode.TransferMany, OperationCode.LockHtlc, OperationCode.ClaimHtlc, OperationCode.RefundHtlc,
        ]).Except(taken));
        Assert.True(refused > 100);
    }

    [Fact]
    public void A_segment_is_full_before_its_numbers_run_out()
    {
        // Each of the payments takes a number: 31 times 256 of them fit below 8,192.
        var rollup = new TestRollup(300);
        var builder = rollup.Open();
        Payment[] many = [.. Enumerable.Range(3, TransferMany.MaxPayments).Select(static account => new Payment(new AccountId((uint)account), 1))];
        for (var i = 0; i < 31; i++)
            Assert.Null(rollup.Take(builder, 2, new TransferMany(AssetId.Bitcoin, many), fee: 0).Refusal);
        Assert.Equal("segment", rollup.Take(builder, 2, new TransferMany(AssetId.Bitcoin, many), fee: 0).Refusal!.Field);
        Assert.Null(rollup.Take(builder, 3, new Transfer(AssetId.Bitcoin, new AccountId(2), 5)).Refusal);
        Assert.Equal((32, 32), (builder.Count, builder.Signatures));
        builder.Close();
        Assert.Throws<InvalidOperationException>(() => builder.Close());
    }
}
