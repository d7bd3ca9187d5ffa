using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Air;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Proving;

public sealed class SegmentProofTests
{
    private static readonly Bytes32 Preimage = new(SHA256.HashData("preimage"u8));

    private static Segment Transfers(TestRollup rollup)
    {
        var builder = rollup.Open();
        Assert.Null(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), 70_000)).Refusal);
        Assert.Null(rollup.Take(builder, 3, new Transfer(AssetId.Bitcoin, new AccountId(2), 1), fee: 0, skip: 5).Refusal);
        Assert.Null(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(5), 929_994)).Refusal);
        Assert.Null(rollup.Take(builder, 1, new Transfer(AssetId.Bitcoin, new AccountId(5), 2), fee: 1).Refusal);
        return builder.Close();
    }

    private static Segment Everything(TestRollup rollup)
    {
        var builder = rollup.Open();
        var (newKey, otherKey) = (TestRollup.Keys[7].PublicKey, TestRollup.Keys[3].PublicKey);
        Operation[] signed =
        [
            new TransferMany(AssetId.Bitcoin, [new Payment(new AccountId(3), 10), new Payment(new AccountId(4), 20), new Payment(new AccountId(5), 30)]),
            new CreateAsset(2, UInt128Amount(100), new Bytes32(SHA256.HashData("asset"u8))),
            new Issue(new AssetId(1), new AccountId(4), UInt128Amount(90)),
            new Withdraw(AssetId.Bitcoin, 500, new byte[] { 0x51, 0x20, 1, 2, 3 }),
            new LockHtlc(AssetId.Bitcoin, new AccountId(5), 333, new Bytes32(SHA256.HashData(Preimage.Span)), TestRollup.Height + 10),
            new RegisterAccount(newKey.Root, newKey.Parameters),
            new LockHtlc(AssetId.Bitcoin, new AccountId(4), 444, new Bytes32(SHA256.HashData("another"u8)), TestRollup.Height + 20),
        ];
        foreach (var operation in signed)
            Assert.Null(rollup.Take(builder, 2, operation).Refusal);
        Assert.Null(rollup.Take(builder, 4, new Retire(new AssetId(1), 5), fee: 0).Refusal);
        Assert.Null(rollup.Take(builder, 4, new Transfer(new AssetId(1), new AccountId(6), UInt128Amount(80))).Refusal);
        Operation[] unsigned =
        [
            new ClaimHtlc(new HtlcId(1), Preimage),
            new Deposit(5, AssetId.Bitcoin, new AccountId(6), 4_000),
            new RegisterAccount(otherKey.Root, otherKey.Parameters),
        ];
        foreach (var operation in unsigned)
            Assert.Null(builder.Add(new OperationRequest(operation, null), []).Refusal);

        // The last index of a key signs its rotation; the new key starts over.
        var skip = (1u << TestRollup.LogLifetime) - 1;
        Assert.Null(rollup.Take(builder, 3, new RotateKey(newKey.Root, newKey.Parameters), skip: skip).Refusal);
        rollup.SetIndex(3, 0);
        var (request, signature) = rollup.Sign(3, new Transfer(AssetId.Bitcoin, new AccountId(2), 5), key: TestRollup.Keys[7]);
        Assert.Null(builder.Add(request, signature).Refusal);
        return builder.Close();

        static Amount UInt128Amount(int bits) => new(UInt128.One << bits);
    }

    private static Segment Refunds(TestRollup rollup)
    {
        var builder = rollup.Open();
        Assert.Null(rollup.Take(builder, 2, new LockHtlc(AssetId.Bitcoin, new AccountId(3), 7, Preimage, TestRollup.Height + 1)).Refusal);
        builder.Close();
        builder = rollup.Open(TestRollup.Height + 1);
        Assert.Null(builder.Add(new OperationRequest(new RefundHtlc(new HtlcId(1)), null), []).Refusal);
        return builder.Close();
    }

    public static TheoryData<string> Segments() => ["transfers", "everything", "refund", "empty"];

    internal static Segment Build(string name, TestRollup rollup) => name switch
    {
        "transfers" => Transfers(rollup),
        "everything" => Everything(rollup),
        "refund" => Refunds(rollup),
        _ => rollup.Open().Close(),
    };

    internal static IReadOnlyList<TraceFault> Faults(Segment segment)
    {
        var statement = StatementMessages.Build(segment.Statement(default), segment.BodyBytes.Span, segment.Posts, segment.Hints).Value;
        using var traces = SegmentProver.BuildTraces(segment.Witness, new ProverOptions());
        return TraceChecker.Find(RollupMachine.Instance, statement, traces.Tables);
    }

    [Theory]
    [MemberData(nameof(Segments))]
    public void A_witness_satisfies_every_table(string name) => Assert.Empty(Faults(Build(name, new TestRollup())));

    [Theory]
    [MemberData(nameof(Segments))]
    public void A_proof_convinces_a_verifier_without_the_state(string name)
    {
        var rollup = new TestRollup();
        var segment = Build(name, rollup);
        var statement = segment.Statement(WeakProofs.Key.Digest);
        var proof = WeakProofs.Prove(segment);
        var verdict = WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, proof);
        Assert.True(verdict.IsOk, verdict.IsOk ? "" : verdict.Error.ToString());
        Assert.Equal(rollup.Tree.Root, segment.RootAfter);
        Assert.Equal(StateTree.Build(rollup.Engine.State).Value.Root, segment.RootAfter);
    }

    [Fact]
    public void No_public_verifier_takes_weak_parameters()
    {
        var segment = Transfers(new TestRollup());
        foreach (var verifier in (SegmentVerifier[])[SegmentVerifier.Fast, SegmentVerifier.Small])
        {
            var statement = segment.Statement(verifier.Key.Digest);
            Assert.Equal("key", verifier.Verify(statement, segment.BodyBytes.Span, WeakProofs.Prove(segment)).Error.Field);
        }
    }

    [Fact]
    public void A_proof_in_either_set_has_a_hundred_provable_bits()
    {
        var segment = Transfers(new TestRollup());
        foreach (var verifier in (SegmentVerifier[])[SegmentVerifier.Fast, SegmentVerifier.Small])
        {
            using var prover = new SegmentProver(verifier.Key.Parameters);
            var verdict = verifier.Verify(segment.Statement(verifier.Key.Digest), segment.BodyBytes.Span, prover.Prove(segment, null, TestContext.Current.CancellationToken));
            Assert.True(verdict.IsOk, verdict.IsOk ? "" : verdict.Error.ToString());
            Assert.True(verdict.Value.Security.ProvableBits >= 100);
        }
    }

    [Fact]
    public void Every_public_input_is_bound()
    {
        var rollup = new TestRollup();
        var segment = Everything(rollup);
        var proof = WeakProofs.Prove(segment);
        var honest = segment.Statement(WeakProofs.Key.Digest);
        var other = new Bytes32(SHA256.HashData("other"u8));
        SegmentStatement[] claims =
        [
            honest with { Rollup = other },
            honest with { VerifyingKey = other },
            honest with { Number = honest.Number + 1 },
            honest with { RootBefore = honest.RootAfter },
            honest with { RootAfter = honest.RootBefore },
            honest with { BodyDigest = other },
            honest with { ForcedBefore = new ForcedQueuePoint(other, 0) },
            honest with { ForcedBefore = new ForcedQueuePoint(default, 1), ForcedAfter = new ForcedQueuePoint(default, 1) },
            honest with { BlockHash = other },
            honest with { Deposits = [] },
            honest with { Deposits = [honest.Deposits[0] with { Amount = 4_001 }] },
            honest with { Withdrawals = [honest.Withdrawals[0] with { Script = new byte[] { 0x51 } }] },
            honest with { Outcomes = [honest.Outcomes[0] with { Claimed = false }] },
            honest with { Supplies = [.. honest.Supplies.Select(static supply => supply with { Supply = supply.Supply + 1 })] },
        ];
        foreach (var claim in claims)
            Assert.False(WeakProofs.Verifier.Verify(claim, segment.BodyBytes.Span, proof).IsOk);
        Assert.True(WeakProofs.Verifier.Verify(honest, segment.BodyBytes.Span, proof).IsOk);
    }

    [Fact]
    public void Changed_bytes_of_a_proof_are_refused()
    {
        var segment = Transfers(new TestRollup());
        var proof = WeakProofs.Prove(segment);
        var statement = segment.Statement(WeakProofs.Key.Digest);
        var random = new TestRandom(70);
        for (var i = 0; i < 150; i++)
        {
            var changed = proof.ToArray();
            var place = i < 100 ? i : random.Next(changed.Length);
            changed[place] ^= (byte)(1 << random.Next(8));
            Assert.False(WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, changed).IsOk);
        }

        Assert.False(WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, (byte[])[.. proof, 0]).IsOk);
        foreach (var length in (int[])[0, 3, 5, 7, 20, proof.Length / 2, proof.Length - 1])
            Assert.False(WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, proof.AsMemory(0, length)).IsOk);
    }

    [Fact]
    public void Any_hints_and_bodies_are_answered_without_a_proof()
    {
        var segment = Everything(new TestRollup());
        var honest = segment.Statement(default);
        var random = new TestRandom(71);
        var iterations = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_ITERATIONS"), out var given) ? given : 3000;
        var accepted = 0;
        for (var i = 0; i < iterations; i++)
        {
            var (hints, body) = (segment.Hints.ToArray(), segment.BodyBytes.ToArray());
            for (var changes = random.Next(3); changes > 0; changes--)
                hints[random.Next(hints.Length)] = (byte)random.NextUInt64();
            if (random.Next(2) == 0)
                body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            var length = random.Next(4) == 0 ? random.Next(hints.Length + 1) : hints.Length;
            var claim = honest with { BodyDigest = SegmentStatement.DigestOf(body) };
            accepted += StatementMessages.Build(claim, body, segment.Posts, hints.AsMemory(0, length)).IsOk ? 1 : 0;
            _ = RollupProof.Read(random.Bytes(random.Next(40)));
        }

        // A hint that is another number says nothing by itself; a proof would hold it against the state.
        Assert.InRange(accepted, 1, iterations - 1);
    }

    [Fact]
    public void Signed_digests_of_many_are_those_of_each()
    {
        var (rollup, requests) = (new TestRollup(), new List<OperationRequest>());
        foreach (var operation in (Operation[])
        [
            new Transfer(AssetId.Bitcoin, new AccountId(3), 1), new Withdraw(AssetId.Bitcoin, 5, new byte[40]),
            new TransferMany(AssetId.Bitcoin, [.. Enumerable.Range(3, 40).Select(static to => new Payment(new AccountId((uint)to), 1))]),
        ])
            requests.Add(rollup.Sign(2, operation).Request);
        Assert.Equal([.. requests.Select(static request => OperationDigest.Compute(TestRollup.Id, request))], OperationDigest.Compute(TestRollup.Id, requests));
        Assert.Empty(OperationDigest.Compute(TestRollup.Id, []));
    }
}
