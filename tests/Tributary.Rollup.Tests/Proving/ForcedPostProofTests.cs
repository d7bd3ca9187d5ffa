using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>Forced posts inside a segment's proof: what each must do, and the best that a cheating operator can try.</summary>
public sealed class ForcedPostProofTests
{
    private const int Posted = (int)TestRollup.Height - 3;
    private static readonly Bytes32 Preimage = new(SHA256.HashData("a preimage"u8));

    private static ForcedPost Post(ulong number, byte[] bytes, int height = Posted) => new(number, height, bytes, default);

    private static byte[] Signed(TestRollup rollup, uint account, Operation operation, ulong fee = 3, uint expiry = TestRollup.Expiry, XmssKey? key = null)
    {
        var (request, signature) = rollup.Sign(account, operation, fee, expiry: expiry, key: key);
        return new ForcedOperation(request, signature).Write();
    }

    private static byte[] Unsigned(Operation operation) => new ForcedOperation(new OperationRequest(operation, null), default).Write();

    private static byte[] WithBadSignature(byte[] post)
    {
        var changed = post.ToArray();
        changed[^700] ^= 1;
        return changed;
    }

    private static Transfer Pay(uint to, ulong amount) => new(AssetId.Bitcoin, new AccountId(to), amount);

    private static uint NextIndex(TestRollup rollup, uint account) => rollup.Engine.State.Read(FinanceLeaves.Accounts, account).NextIndex;

    /// <summary>A segment that consumes posts, and what became of each.</summary>
    private static (Segment Segment, List<string?> Why) Consume(TestRollup rollup, params byte[][] posts)
    {
        var builder = rollup.Open();
        var why = new List<string?>();
        foreach (var (i, post) in posts.Index())
            why.Add(builder.TryConsume(Post((ulong)i, post))!.Value.Refusal?.Field);
        return (builder.Close(), why);
    }

    internal static Segment Everything(TestRollup rollup)
    {
        var builder = rollup.Open(TestRollup.Height - 10);
        Assert.Null(rollup.Take(builder, 2, new LockHtlc(AssetId.Bitcoin, new AccountId(3), 700, new(SHA256.HashData(Preimage.Span)), TestRollup.Height)).Refusal);
        Assert.Null(rollup.Take(builder, 2, new LockHtlc(AssetId.Bitcoin, new AccountId(3), 600, new(SHA256.HashData(Preimage.Span)), TestRollup.Height - 4)).Refusal);
        builder.Close();
        var key = TestRollup.Keys[7].PublicKey;
        builder = rollup.Open();
        var (repeated, repeatedSignature) = rollup.Sign(4, Pay(2, 11));
        var again = new ForcedOperation(repeated, repeatedSignature).Write();
        (byte[] Bytes, string? Why, bool Spends)[] posts =
        [
            (Signed(rollup, 2, Pay(3, 20_000)), null, true),
            (WithBadSignature(Signed(rollup, 3, Pay(2, 20_000))), "signature", false),
            ([1, 2, 3], "version", false),
            (again, null, true),
            (again, "authorisation.index", false),
            (Signed(rollup, 2, Pay(3, 2_000_000)), "amount", true),
            (Signed(rollup, 2, Pay(77, 1)), "to", true),
            (Signed(rollup, 2, Pay(uint.MaxValue, 1)), "to", true),
            (Signed(rollup, 2, Pay(3, 1), expiry: Posted - 1), "authorisation.expiry", true),
            (Signed(rollup, 2, new Deposit(5, AssetId.Bitcoin, new AccountId(2), 1_000)), "operation", true),
            (Signed(rollup, 2, new ClaimHtlc(new HtlcId(1), Preimage)), "authorisation", true),
            (Unsigned(Pay(3, 1)), "authorisation", false),
            ([.. Unsigned(new ClaimHtlc(new HtlcId(1), Preimage)), 0], "signature", false),
            (Unsigned(new ClaimHtlc(new HtlcId(1), TestRollup.Id)), "preimage", false),
            (Unsigned(new ClaimHtlc(new HtlcId(1), Preimage)), null, false),
            (Unsigned(new RefundHtlc(new HtlcId(1))), "htlc", false),
            (Unsigned(new RefundHtlc(new HtlcId(2))), null, false),
            (Unsigned(new RefundHtlc(new HtlcId(ulong.MaxValue))), "htlc", false),
            (Signed(rollup, 5, new Withdraw(AssetId.Bitcoin, 5_000, new byte[] { 0x51 })), null, true),
            (Signed(rollup, 5, new Withdraw(AssetId.Bitcoin, 5_000_000, new byte[] { 0x51 })), "amount", true),
            (Signed(rollup, 3, new CreateAsset(2, 1_000, default)), "authorisation.index", false),
            (Signed(rollup, 5, new RegisterAccount(key.Root, key.Parameters)), null, true),
            (Signed(rollup, 5, new TransferMany(AssetId.Bitcoin, [new(new AccountId(2), 1), new(new AccountId(3), 2), new(new AccountId(6), 3)]), fee: 0), null, true),
            (Signed(rollup, 5, new RotateKey(key.Root, key.Parameters)), null, true),
        ];

        // One index of account 3 is left out, which the forged post bore: the next one signs under it all the same.
        rollup.SetIndex(3, 0);
        posts[20] = (Signed(rollup, 3, new CreateAsset(2, 1_000, default)), null, true);
        foreach (var (i, (bytes, why, spends)) in posts.Index())
        {
            var outcome = builder.TryConsume(Post((ulong)i, bytes))!.Value;
            Assert.Equal(why, outcome.Refusal?.Field);
            Assert.Equal(spends, outcome.IndexSpent);
        }

        Assert.Null(rollup.Take(builder, 3, Pay(6, 9)).Refusal);
        Assert.Throws<InvalidOperationException>(() => builder.TryConsume(Post((ulong)posts.Length, again)));
        return builder.Close();
    }

    [Fact]
    public void A_proof_over_every_kind_of_post_convinces_a_verifier_without_the_state()
    {
        var rollup = new TestRollup();
        var segment = Everything(rollup);
        Assert.Equal(24, segment.Posts.Count);
        Assert.Empty(SegmentProofTests.Faults(segment));
        Assert.Equal(StateTree.Build(rollup.Engine.State).Value.Root, segment.RootAfter);

        var statement = segment.Statement(WeakProofs.Key.Digest);
        Assert.Equal(24ul, statement.ForcedAfter.Cursor);
        Assert.Equal([true, false], statement.Outcomes.Select(static outcome => outcome.Claimed));
        Assert.Equal((Amount)5_000, Assert.Single(statement.Withdrawals).Amount);
        var proof = WeakProofs.Prove(segment);
        var verdict = WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, proof, segment.Posts);
        Assert.True(verdict.IsOk, verdict.IsOk ? "" : verdict.Error.ToString());

        Assert.Equal("forced", WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, proof).Error.Field);
        Assert.False(WeakProofs.Verifier.Verify(statement with { Withdrawals = [] }, segment.BodyBytes.Span, proof, segment.Posts).IsOk);
        Assert.False(WeakProofs.Verifier.Verify(statement with { Outcomes = [] }, segment.BodyBytes.Span, proof, segment.Posts).IsOk);
    }

    [Fact]
    public void A_claim_posted_before_the_timeout_is_paid_although_it_is_consumed_after_it()
    {
        var rollup = new TestRollup();
        var builder = rollup.Open(TestRollup.Height - 10);
        Assert.Null(rollup.Take(builder, 2, new LockHtlc(AssetId.Bitcoin, new AccountId(3), 700, new(SHA256.HashData(Preimage.Span)), (uint)Posted + 1)).Refusal);
        builder.Close();
        var before = rollup.Balance(3);
        var (segment, why) = Consume(rollup, Unsigned(new ClaimHtlc(new HtlcId(1), Preimage)));
        Assert.Equal([null], why);
        Assert.Equal(before + 700, rollup.Balance(3));
        Assert.Empty(SegmentProofTests.Faults(segment));
    }

    [Fact]
    public void A_skipped_post_does_not_lead_to_the_point_of_the_queue()
    {
        var posts = new TestRollup();
        byte[][] queue = [Signed(posts, 2, Pay(3, 1)), Signed(posts, 4, Pay(3, 2))];
        var all = Consume(new TestRollup(), queue).Segment;

        // The operator leaves the first out, and says so or not.
        var skipped = Consume(new TestRollup(), queue[1]).Segment;
        Assert.Equal("forced", new CheatingProver { Posted = skipped, Claim = claim => claim with { ForcedAfter = all.Statement(default).ForcedAfter } }.RefusedAtOnce().Field);
        Assert.Equal("forced", new CheatingProver { Posted = skipped, Posts = _ => all.Posts, Claim = claim => claim with { ForcedAfter = all.Statement(default).ForcedAfter } }.RefusedAtOnce().Field);

        // Or lets the verifier plan both posts and proves a witness of one.
        new CheatingProver { Posted = all, Proven = skipped, Claim = claim => claim with { RootAfter = skipped.RootAfter } }.IsRefused("bus cells");
    }

    [Fact]
    public void A_post_applied_twice_is_not_the_queue_of_bitcoin()
    {
        var post = Unsigned(new ClaimHtlc(new HtlcId(1), Preimage));
        var (once, twice) = (Consume(new TestRollup(), post).Segment, Consume(new TestRollup(), post, post).Segment);
        Assert.Equal("forced", new CheatingProver { Posted = twice, Posts = _ => once.Posts }.RefusedAtOnce().Field);
        Assert.Equal("forced", new CheatingProver { Posted = twice, Claim = claim => claim with { ForcedAfter = once.Statement(default).ForcedAfter } }.RefusedAtOnce().Field);

        // The witness of a payment in which the payee is credited once more than the statement says.
        var rollup = new TestRollup();
        var paid = Consume(new TestRollup(), Signed(rollup, 2, Pay(3, 1_000))).Segment;
        rollup = new TestRollup();
        var doubled = Consume(rollup, Signed(rollup, 2, Pay(3, 1_000)), Signed(rollup, 2, Pay(3, 1_000))).Segment;
        new CheatingProver { Posted = paid, Proven = doubled, Claim = claim => claim with { RootAfter = doubled.RootAfter } }.IsRefused("bus cells");
    }

    [Fact]
    public void Posts_out_of_order_are_not_the_queue_of_bitcoin()
    {
        // The second spends what the first brings in.
        var signer = new TestRollup();
        byte[][] queue = [Signed(signer, 2, Pay(3, 500_000)), Signed(signer, 3, Pay(4, 1_200_000))];
        var (honest, why) = Consume(new TestRollup(), queue);
        Assert.Equal([null, null], why);
        var (swapped, other) = Consume(new TestRollup(), queue[1], queue[0]);
        Assert.Equal(["amount", null], other);
        Assert.Equal("forced", new CheatingProver { Posted = swapped, Claim = claim => claim with { ForcedAfter = honest.Statement(default).ForcedAfter } }.RefusedAtOnce().Field);
        Assert.Equal("forced", new CheatingProver { Posted = swapped, Posts = _ => honest.Posts }.RefusedAtOnce().Field);
        new CheatingProver { Posted = honest, Proven = swapped, Claim = claim => claim with { RootAfter = swapped.RootAfter } }.IsRefused("bus cells");

        var later = honest.Posts.Select(static (post, i) => post with { Height = Posted - i }).ToList();
        Assert.Equal("forced", new CheatingProver { Posted = honest, Posts = _ => later }.RefusedAtOnce().Field);
    }

    [Fact]
    public void A_bad_signature_cannot_be_applied()
    {
        // The thief signs for account 2 with a key of his own: void under the true account.
        var thief = TestRollup.KeyOf(3);
        var post = Signed(new TestRollup(), 2, Pay(3, 900_000), key: thief);
        var (honest, why) = Consume(new TestRollup(), post);
        Assert.Equal(["signature"], why);

        // A world in which account 2 has the thief's key.
        var rollup = new TestRollup();
        rollup.Tamper(new LeafKey(LeafKind.Account, 2), new AccountLeaf(thief.PublicKey.Root, thief.PublicKey.Parameters, 0));
        var (theft, applied) = Consume(rollup, post);
        Assert.Equal([null], applied);
        new CheatingProver { Posted = theft, Claim = claim => claim with { RootBefore = honest.RootBefore } }.IsRefused("bus nodes");

        // The hints show the true account: the verifier finds the signature void, and the witness of the theft has nothing that asks for it.
        new CheatingProver { Posted = honest, Proven = theft, Claim = claim => claim with { RootBefore = theft.RootBefore, RootAfter = theft.RootAfter } }.IsRefused("bus cells");
    }

    [Fact]
    public void A_good_signature_cannot_be_passed_over_as_bad()
    {
        // The operator censors by showing the account with another key, under which the signature does not hold.
        var post = Signed(new TestRollup(), 2, Pay(3, 900_000));
        var honest = Consume(new TestRollup(), post).Segment;
        var other = TestRollup.KeyOf(3).PublicKey;
        var rollup = new TestRollup();
        rollup.Tamper(new LeafKey(LeafKind.Account, 2), new AccountLeaf(other.Root, other.Parameters, 0));
        var (censored, why) = Consume(rollup, post);
        Assert.Equal(["signature"], why);
        new CheatingProver { Posted = censored, Claim = claim => claim with { RootBefore = honest.RootBefore, RootAfter = honest.RootBefore } }.IsRefused("bus nodes");
    }

    [Fact]
    public void A_good_operation_cannot_be_made_to_fail_by_showing_too_little()
    {
        var post = Signed(new TestRollup(), 2, Pay(3, 900_000));
        var honest = Consume(new TestRollup(), post).Segment;
        var poor = new TestRollup();
        poor.Tamper(new LeafKey(LeafKind.Balance, LeafKey.Pair(2, 0)), new BalanceLeaf(100));
        var (failed, why) = Consume(poor, post);
        Assert.Equal(["amount"], why);
        new CheatingProver { Posted = failed, Claim = claim => claim with { RootBefore = honest.RootBefore } }.IsRefused("bus nodes");
    }

    [Fact]
    public void A_failing_operation_spends_its_index_in_the_proof()
    {
        var post = Signed(new TestRollup(), 2, Pay(3, 2_000_000));
        var rollup = new TestRollup();
        var (honest, why) = Consume(rollup, post);
        Assert.Equal(["amount"], why);
        Assert.Equal(1u, NextIndex(rollup, 2));

        // The witness of a post that does nothing: the account stays as it is.
        var unspent = Consume(new TestRollup(), WithBadSignature(post)).Segment;
        Assert.Equal(unspent.RootBefore, unspent.RootAfter);
        new CheatingProver { Posted = honest, Proven = unspent, Claim = claim => claim with { RootAfter = unspent.RootAfter } }.IsRefused("bus cells");
    }

    [Fact]
    public void Any_posts_and_hints_are_answered_without_a_proof()
    {
        var segment = Everything(new TestRollup());
        var honest = segment.Statement(default);
        var random = new TestRandom(72);
        var iterations = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_ITERATIONS"), out var given) ? given : 300;
        var accepted = 0;
        for (var i = 0; i < iterations; i++)
        {
            var hints = segment.Hints.ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
                hints[random.Next(hints.Length)] = (byte)random.NextUInt64();
            var posts = segment.Posts.ToArray();
            if (random.Next(2) == 0)
            {
                var place = random.Next(posts.Length);
                var bytes = posts[place].Operation.ToArray();
                bytes[random.Next(Math.Min(bytes.Length, 80))] = (byte)random.NextUInt64();
                posts[place] = posts[place] with { Operation = bytes };
            }

            var claim = honest with { ForcedAfter = posts.Aggregate(honest.ForcedBefore, static (point, post) => point.After(post)) };
            accepted += StatementMessages.Build(claim, segment.BodyBytes.Span, posts, hints).IsOk ? 1 : 0;
        }

        Assert.InRange(accepted, 1, iterations - 1);
    }
}
