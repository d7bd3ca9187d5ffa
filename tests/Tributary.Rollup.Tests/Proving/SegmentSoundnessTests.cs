using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>
/// The best cheating witness for each attack, which leaves everything in order but the one thing that it can't: each test names the bus or the table
/// that breaks, and sees the verifier refuse the proof.
/// </summary>
public sealed class SegmentSoundnessTests
{
    private const uint Thief = 3;
    private const uint Victim = 2;

    /// <summary>Account 2 pays account 3, and account 3 pays account 4.</summary>
    private static Segment Honest(TestRollup rollup, ulong amount = 1_000)
    {
        var builder = rollup.Open();
        Assert.Null(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), amount)).Refusal);
        Assert.Null(rollup.Take(builder, 3, new Transfer(AssetId.Bitcoin, new AccountId(4), 500)).Refusal);
        return builder.Close();
    }

    /// <summary>A world in which the victim's account has the thief's key: the theft is in order there.</summary>
    private static Segment Theft(TestRollup rollup)
    {
        var thief = TestRollup.KeyOf(Thief).PublicKey;
        rollup.Tamper(new LeafKey(LeafKind.Account, Victim), new AccountLeaf(thief.Root, thief.Parameters, 0));
        var builder = rollup.Open();
        var (request, signature) = rollup.Sign(Victim, new Transfer(AssetId.Bitcoin, new AccountId(Thief), 900_000), key: TestRollup.KeyOf(Thief));
        Assert.Null(builder.Add(request, signature).Refusal);
        return builder.Close();
    }

    private static LeafKey BalanceKey(uint account) => new(LeafKind.Balance, LeafKey.Pair(account, 0));

    private static TreeDigest TrueRoot => new TestRollup().Tree.Root;

    private static void Set(IReadOnlyList<ColumnMatrix> tables, int table, int row, int column, ReadOnlySpan<KoalaBear> values)
    {
        for (var i = 0; i < values.Length; i++)
            tables[table][row, column + i] = values[i];
    }

    [Fact]
    public void Theft_by_opening_the_victims_account_with_the_thiefs_key_leads_to_another_root()
    {
        var theft = Theft(new TestRollup());
        Assert.NotEqual(TrueRoot, theft.RootBefore);
        new CheatingProver { Posted = theft, Claim = claim => claim with { RootBefore = TrueRoot } }.IsRefused("bus nodes");
    }

    [Fact]
    public void Theft_with_the_true_account_and_the_thiefs_signature_finds_no_key()
    {
        // The leaf is true again; the row of the operation reads it, and the signature shows another key root.
        var theft = Theft(new TestRollup());
        var root = TestRollup.KeyOf(Victim).PublicKey.Root;
        Assert.True(TreeDigest.TryFromBytes32(root, out var digest));
        new CheatingProver
        {
            Posted = theft,
            Tables = tables => Set(tables, RollupMachine.Operations, 0, OperationsAir.KeyRoot, digest.Span),
        }.IsRefused("bus keys", "bus memory");

        // Or the row reads what the thief needs, and memory holds something else.
        var rollup = new TestRollup();
        var honest = Honest(rollup);
        Assert.True(TreeDigest.TryFromBytes32(TestRollup.KeyOf(Thief).PublicKey.Root, out var other));
        new CheatingProver
        {
            Posted = honest,
            Tables = tables => Set(tables, RollupMachine.Operations, 0, OperationsAir.KeyRoot, other.Span),
        }.IsRefused("bus keys", "bus memory");
    }

    [Fact]
    public void A_double_spend_reads_a_balance_that_is_gone()
    {
        // Account 2 pays 900,000 twice out of a million: in a world in which it has two.
        var rollup = new TestRollup();
        rollup.Tamper(BalanceKey(2), new BalanceLeaf(2_000_000));
        var builder = rollup.Open();
        for (var to = 3u; to < 5; to++)
            Assert.Null(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(to), 900_000)).Refusal);
        var twice = builder.Close();
        new CheatingProver { Posted = twice, Claim = claim => claim with { RootBefore = TrueRoot } }.IsRefused("bus nodes");

        // With the true leaf, the second payment reads the balance before the first.
        rollup = new TestRollup();
        var once = Honest(rollup, 900_000);
        new CheatingProver
        {
            Posted = once,
            Rows = witness =>
            {
                var first = witness.Moves.FindIndex(static move => move is { Account: 3, IsDebit: false });
                var second = witness.Moves.FindIndex(static move => move is { Account: 3, IsDebit: true });
                witness.Moves[second] = witness.Moves[second] with
                {
                    Before = witness.Moves[first].Before,
                    After = witness.Moves[first].Before - witness.Moves[second].Amount,
                    TimeBefore = witness.Moves[first].TimeBefore,
                };
            },
        }.IsRefused("bus memory");
    }

    [Fact]
    public void A_forged_signature_shows_another_key_root()
    {
        // Chain values drawn at random for digits that add up: everything hashes as it should, to another leaf.
        var segment = Honest(new TestRollup());
        new CheatingProver
        {
            Posted = segment,
            Rows = static witness =>
            {
                var signed = witness.Signatures[0];
                var elements = signed.Elements.ToArray();
                elements[Xmss.RandomnessElements + Xmss.ParameterElements + 3] += KoalaBear.One;
                witness.Signatures[0] = signed with { Elements = elements };
            },
        }.IsRefused("bus keys");
    }

    [Fact]
    public void A_signature_of_another_message_is_none()
    {
        // The rows check the signature that was made; the operation asks for another message.
        var rollup = new TestRollup();
        var segment = Honest(rollup);
        var other = new TestRollup();
        var builder = other.Open();
        Assert.Null(other.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), 2_000)).Refusal);
        Assert.Null(other.Take(builder, 3, new Transfer(AssetId.Bitcoin, new AccountId(4), 500)).Refusal);
        var wanted = builder.Close();
        new CheatingProver
        {
            Posted = wanted,
            Rows = witness => witness.Signatures[0] = segment.Witness.Signatures[0],
        }.IsRefused("bus signed");
    }

    [Fact]
    public void Digits_other_than_those_of_the_message_break_the_encoding()
    {
        // Two chains of one pair trade a step, which keeps the sum: the hash has no such digits.
        var segment = Honest(new TestRollup());
        new CheatingProver
        {
            Posted = segment,
            Tables = static tables =>
            {
                var wide = tables[RollupMachine.Wide];
                var row = Enumerable.Range(1, WideAir.Pairs).First(row =>
                    wide[row, WideAir.Digits].Value is > 0 and < 6 && wide[row, WideAir.Digits + 1].Value is > 0 and < 6);
                wide[row, WideAir.Digits] += KoalaBear.One;
                wide[row, WideAir.Digits + 1] -= KoalaBear.One;
            },
        }.IsRefused("bus ends", "table wide");
    }

    [Fact]
    public void A_reused_signature_meets_an_index_that_is_spent()
    {
        // The same signed payment twice: a verifier is told that the next index is still the old one.
        var rollup = new TestRollup();
        var builder = rollup.Open();
        var (request, signature) = rollup.Sign(2, new Transfer(AssetId.Bitcoin, new AccountId(3), 1_000));
        Assert.Null(builder.Add(request, signature).Refusal);
        Assert.Equal("authorisation.index", builder.Add(request, signature).Refusal!.Field);
        var (later, latersSignature) = rollup.Sign(2, new Transfer(AssetId.Bitcoin, new AccountId(3), 1_000));
        Assert.Null(builder.Add(later, latersSignature).Refusal);
        var segment = builder.Close();
        Assert.Equal([0, 1], segment.Hints);

        // The rows follow the hint: the account is read as it stood before the first payment.
        new CheatingProver
        {
            Posted = segment,
            Hints = static _ => [0, 0],
            Rows = static witness =>
            {
                var (first, second) = (witness.Operations[0], witness.Operations[1]);
                var copy = witness.Signatures[0] with { Number = witness.Signatures[1].Number };
                witness.Signatures[1] = copy;
                witness.Operations[1] = new OperationRow(second.Instruction with { Index = first.Instruction.Index, Message = first.Instruction.Message })
                {
                    Payer = first.Payer,
                    PayerTime = first.PayerTime,
                    Payee = second.Payee,
                    PayeeTime = second.PayeeTime,
                };
            },
        }.IsRefused("bus memory");

        // Or they read the account as it stands: then the gap does not lead to the index.
        rollup = new TestRollup();
        builder = rollup.Open();
        Assert.Null(builder.Add(request, signature).Refusal);
        Assert.Null(builder.Add(later, latersSignature).Refusal);
        new CheatingProver
        {
            Posted = builder.Close(),
            Hints = static _ => [0, 0],
            Rows = static witness =>
            {
                var (first, second) = (witness.Operations[0], witness.Operations[1]);
                witness.Signatures[1] = witness.Signatures[0] with { Number = witness.Signatures[1].Number };
                witness.Operations[1] = new OperationRow(second.Instruction with { Index = first.Instruction.Index, Message = first.Instruction.Message })
                {
                    Payer = second.Payer,
                    PayerTime = second.PayerTime,
                    Payee = second.Payee,
                    PayeeTime = second.PayeeTime,
                };
            },
        }.IsRefused("bus memory", "table operations");
    }

    [Fact]
    public void The_last_index_signs_no_transfer()
    {
        // The engine refuses it; the rows claim that a bit of the index is not set.
        var rollup = new TestRollup();
        var builder = rollup.Open();
        var last = (1u << TestRollup.LogLifetime) - 1;
        Assert.NotNull(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), 1), skip: last).Refusal);
        rollup.SetIndex(2, 0);
        Assert.Null(rollup.Take(builder, 2, new RotateKey(TestRollup.Keys[7].PublicKey.Root, TestRollup.Keys[7].PublicKey.Parameters), skip: last).Refusal);
        new CheatingProver
        {
            Posted = builder.Close(),
            Tables = static tables => tables[RollupMachine.Operations][0, OperationsAir.Ones] = KoalaBear.Zero,
        }.IsRefused("bus keys");
    }

    [Fact]
    public void A_minted_coin_is_a_move_that_nobody_asked_for()
    {
        var segment = Honest(new TestRollup());
        new CheatingProver
        {
            Posted = segment,
            Rows = static witness =>
            {
                // The last credit is one higher, and so is the leaf: only that nobody asked for it is wrong, and that the root is another.
                var place = witness.Moves.FindLastIndex(static move => move is { Account: 4, IsDebit: false });
                var move = witness.Moves[place];
                witness.Moves[place] = move with { Amount = move.Amount + 1, After = move.After + 1 };
                var leaf = witness.Leaves.Find(static row => row.Leaf.Key == BalanceKey(4))!.Leaf;
                leaf.Set(new BalanceLeaf(leaf.Balance.Amount + 1));
            },
        }.IsRefused("bus moves", "bus wide");
        new CheatingProver
        {
            Posted = Honest(new TestRollup()),
            Tables = static tables =>
            {
                var row = Enumerable.Range(0, 16).Last(row => tables[RollupMachine.Moves][row, MovesAir.Account] == 4);
                tables[RollupMachine.Moves][row, MovesAir.After] += KoalaBear.One;
            },
        }.IsRefused("bus memory", "bus range", "table moves");
    }

    [Fact]
    public void A_wrapped_balance_leaves_the_range_or_the_top_limb()
    {
        // Account 3 pays 500 out of 400: the limbs borrow all the way up, and nothing is left to borrow from.
        var rollup = new TestRollup();
        rollup.Tamper(BalanceKey(3), new BalanceLeaf(10_000));
        var builder = rollup.Open();
        Assert.Null(rollup.Take(builder, 3, new Transfer(AssetId.Bitcoin, new AccountId(4), 500), fee: 0).Refusal);
        var segment = builder.Close();
        new CheatingProver
        {
            Posted = segment,
            Tables = static tables =>
            {
                var moves = tables[RollupMachine.Moves];
                moves[0, MovesAir.Before] = 400;
                moves[0, MovesAir.After] = 65_536 + 400 - 500;
                for (var i = 0; i < Instruction.AmountLimbs - 1; i++)
                {
                    moves[0, MovesAir.Carries + i] = KoalaBear.One;
                    moves[0, MovesAir.After + i + 1] = 65_535;
                }

                var range = tables[RollupMachine.Range].Column(0);
                range[9_500] -= KoalaBear.One;
                range[0] -= 7;
                range[65_436] += KoalaBear.One;
                range[65_535] += 7;
            },
        }.IsRefused("bus memory", "table moves");

        // Without borrows the lowest limb is negative.
        new CheatingProver
        {
            Posted = segment,
            Tables = static tables =>
            {
                tables[RollupMachine.Moves][0, MovesAir.Before] = 400;
                tables[RollupMachine.Moves][0, MovesAir.After] = -100;
            },
        }.IsRefused("bus memory", "bus range");
    }

    [Fact]
    public void A_duplicate_address_has_no_second_place_in_the_tree()
    {
        var segment = Honest(new TestRollup());
        new CheatingProver
        {
            Posted = segment,
            Rows = static witness => witness.Leaves.Add(new LeafRow(
                new TouchedLeaf(witness.Leaves[2].Leaf.Key, witness.Leaves[2].Leaf.Index, witness.Leaves[2].Leaf.Initial), witness.Leaves[2].Before, witness.Leaves[2].Before)),
        }.IsRefused("bus nodes");
    }

    [Fact]
    public void A_changed_sibling_is_no_sibling()
    {
        // A sibling that nobody touched has another digest afterwards, and every node above follows.
        var segment = Honest(new TestRollup());
        var root = default(TreeDigest);
        var witness = segment.Witness;
        var place = witness.Nodes.FindIndex(static node => node is { Height: 20, LeftTouched: true, RightTouched: false });
        var node = witness.Nodes[place];
        node.RightAfter = TreeHash.Leaf(LeafKind.Balance, [1]);
        witness.Nodes[place] = node;
        for (var height = 20; height <= StateAddress.Depth; height++)
        {
            place = witness.Nodes.FindIndex(node => node.Height == height);
            node = witness.Nodes[place];
            root = node.After = TreeHash.Node(node.LeftAfter, node.RightAfter);
            witness.Nodes[place] = node;
            var above = witness.Nodes.FindIndex(node => node.Height == height + 1);
            if (above < 0)
                break;
            var parent = witness.Nodes[above];
            if ((node.Index & 1) == 0)
                parent.LeftAfter = root;
            else
                parent.RightAfter = root;
            witness.Nodes[above] = parent;
        }

        new CheatingProver { Posted = segment, Claim = claim => claim with { RootAfter = root } }.IsRefused("table nodes");
    }

    [Fact]
    public void An_insertion_shows_an_empty_leaf_or_leads_to_another_root()
    {
        // The counter is set back to account 3, whose leaf is taken away: in that world the number is free.
        var rollup = new TestRollup();
        var counters = rollup.Engine.State.Read(FinanceLeaves.Counters, 0);
        rollup.Tamper(new LeafKey(LeafKind.Counters, 0), counters with { NextAccount = 3 });
        rollup.Tamper(new LeafKey(LeafKind.Account, 3), default(AccountLeaf));
        var key = TestRollup.Keys[7].PublicKey;
        var builder = rollup.Open();
        Assert.Null(builder.Add(new OperationRequest(new RegisterAccount(key.Root, key.Parameters), null), []).Refusal);
        var segment = builder.Close();
        new CheatingProver { Posted = segment, Claim = claim => claim with { RootBefore = TrueRoot } }.IsRefused("bus nodes");

        // With the true leaf opened as empty, its digest is not that of the empty leaf.
        new CheatingProver
        {
            Posted = segment,
            Tables = static tables =>
            {
                var leaves = tables[RollupMachine.Leaves];
                var row = Enumerable.Range(0, 16).First(row => leaves[row, LeavesAir.EmptyBefore] == KoalaBear.One);
                leaves[row, LeavesAir.DigestBefore] += KoalaBear.One;
            },
        }.IsRefused("bus nodes", "table leaves");
    }

    [Fact]
    public void A_leaf_with_a_block_too_many_is_not_the_one_that_was_written()
    {
        // A new balance gets a second block of zeros: it would say the same under another digest.
        var rollup = new TestRollup();
        rollup.Tamper(BalanceKey(4), default(BalanceLeaf));
        var builder = rollup.Open();
        Assert.Null(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(4), 500), fee: 0).Refusal);
        var segment = builder.Close();
        Assert.Equal(4, segment.Witness.Leaves.Count);
        new CheatingProver
        {
            Posted = segment,
            Tables = static tables =>
            {
                var leaves = tables[RollupMachine.Leaves];
                Assert.Equal(16, leaves.Height);
                var row = Enumerable.Range(0, 16).First(row => leaves[row, LeavesAir.EmptyBefore] == KoalaBear.One);
                Assert.Equal(KoalaBear.Zero, leaves[row + 1, LeavesAir.Active]);
                for (var column = 0; column < leaves.Width; column++)
                    leaves[row + 1, column] = leaves[row, column];
                foreach (var column in (int[])[LeavesAir.First, LeavesAir.Filled, LeavesAir.Time])
                    leaves[row + 1, column] = KoalaBear.Zero;
                Set(tables, RollupMachine.Leaves, row + 1, LeavesAir.ChainBefore, leaves.Row(row).AsSpan(LeavesAir.DigestBefore, 8));
                Set(tables, RollupMachine.Leaves, row + 1, LeavesAir.ChainAfter, leaves.Row(row).AsSpan(LeavesAir.DigestAfter, 8));
                Set(tables, RollupMachine.Leaves, row + 1, LeavesAir.After, new KoalaBear[TreeHash.BlockElements]);
                leaves[row, LeavesAir.Last] = KoalaBear.Zero;
                leaves[row + 1, LeavesAir.Block] = KoalaBear.One;
                leaves[row, LeavesAir.Blocks] = leaves[row + 1, LeavesAir.Blocks] = 2;
            },
        }.IsRefused("bus memory", "bus wide");
    }

    [Fact]
    public void A_stale_read_is_older_than_the_last_write()
    {
        // The payee's account is read at a time at which it was not written.
        var segment = Honest(new TestRollup());
        new CheatingProver
        {
            Posted = segment,
            Rows = static witness => witness.Operations[1].PayerTime = 0,
        }.IsRefused("bus memory");

        // A read from the future would close the circle; its time is out of range.
        new CheatingProver
        {
            Posted = Honest(new TestRollup()),
            Tables = static tables =>
            {
                var (operations, leaves) = (tables[RollupMachine.Operations], tables[RollupMachine.Leaves]);
                var range = tables[RollupMachine.Range].Column(0);
                KoalaBear first = OperationsAir.TimesOfOne + OperationsAir.PayeeAccess, second = (2 * OperationsAir.TimesOfOne) + OperationsAir.PayerAccess;
                var leaf = Enumerable.Range(0, 16).First(row => leaves[row, LeavesAir.Account] == 3 && leaves[row, LeavesAir.Slot] == 0);
                Assert.Equal(second, leaves[leaf, LeavesAir.Time]);
                Assert.Equal(first, operations[1, OperationsAir.PayerTime]);
                operations[1, OperationsAir.PayerTime] = KoalaBear.Zero;
                operations[0, OperationsAir.PayeeTime] = second;
                operations[0, OperationsAir.PayeeNext] += KoalaBear.One;
                leaves[leaf, LeavesAir.Time] = first;
                range[(int)(first.Value - 1)] -= KoalaBear.One;
                range[(int)(second.Value - first.Value - 1)] -= KoalaBear.One;
                range[(int)(second.Value - 1)] += KoalaBear.One;
            },
        }.IsRefused("bus range");
    }

    [Fact]
    public void A_skipped_operation_is_missed()
    {
        var rollup = new TestRollup();
        var posted = Honest(rollup);
        var shorter = new TestRollup();
        var builder = shorter.Open();
        Assert.Null(shorter.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), 1_000)).Refusal);
        var proven = builder.Close();
        new CheatingProver { Posted = posted, Proven = proven, Claim = claim => claim with { RootAfter = proven.RootAfter } }.IsRefused("bus instructions");
        new CheatingProver { Posted = proven, Proven = posted, Claim = claim => claim with { RootAfter = posted.RootAfter } }.IsRefused("bus instructions");
    }

    [Fact]
    public void A_changed_operation_is_not_the_one_that_was_posted()
    {
        var (posted, other) = (Honest(new TestRollup()), Honest(new TestRollup(), 1_001));
        new CheatingProver { Posted = posted, Proven = other, Claim = claim => claim with { RootAfter = other.RootAfter } }.IsRefused("bus instructions");
    }

    [Fact]
    public void A_shown_leaf_is_the_one_in_the_state()
    {
        var rollup = new TestRollup();
        var builder = rollup.Open();
        Assert.Null(builder.Add(new OperationRequest(new Deposit(5, AssetId.Bitcoin, new AccountId(2), 100), null), []).Refusal);
        var posted = builder.Close();

        // Another supply than the asset's: the cells of the statement are not those of the rows.
        new CheatingProver
        {
            Posted = posted,
            Hints = static hints =>
            {
                var changed = hints.ToArray();
                changed[1 + CountersLeaf.Length + 1 + 6] ^= 1;
                return changed;
            },
            Claim = static claim => claim with { Supplies = [claim.Supplies[0] with { Supply = new Amount(claim.Supplies[0].Supply.Units ^ 1) }] },
        }.IsRefused("bus cells");
    }

    [Fact]
    public void A_body_that_differs_from_the_digest_is_refused_at_once()
    {
        var (posted, other) = (Honest(new TestRollup()), Honest(new TestRollup(), 1_001));
        var proof = WeakProofs.Prove(posted);
        var claim = posted.Statement(WeakProofs.Key.Digest);
        Assert.Equal("body_digest", WeakProofs.Verifier.Verify(claim, other.BodyBytes.Span, proof).Error.Field);
        Assert.False(WeakProofs.Verifier.Verify(claim with { BodyDigest = SegmentStatement.DigestOf(other.BodyBytes.Span) }, other.BodyBytes.Span, proof).IsOk);
        Assert.Equal("body_digest", new CheatingProver { Posted = posted, Claim = static claim => claim with { BodyDigest = default } }.RefusedAtOnce().Field);
    }

    [Fact]
    public void A_wrong_root_is_not_the_one_that_the_rows_lead_to()
    {
        foreach (var wrong in (Func<SegmentStatement, SegmentStatement>[])
        [
            static claim => claim with { RootAfter = claim.RootBefore },
            static claim => claim with { RootBefore = claim.RootAfter },
            static claim => claim with { RootAfter = TreeHash.Empty(StateAddress.Depth) },
        ])
            new CheatingProver { Posted = Honest(new TestRollup()), Claim = wrong }.IsRefused("bus nodes");
    }

    [Fact]
    public void Hints_that_say_more_or_less_are_refused_at_once()
    {
        var posted = Honest(new TestRollup());
        Assert.Equal("hints", new CheatingProver { Posted = posted, Hints = static hints => [.. hints, 0] }.RefusedAtOnce().Field);
        Assert.Equal("operations[1].authorisation.index", new CheatingProver { Posted = posted, Hints = static hints => hints[..1] }.RefusedAtOnce().Field);
        Assert.Equal("verifying_key", new CheatingProver { Posted = posted, Claim = static claim => claim with { VerifyingKey = default } }.RefusedAtOnce().Field);
    }

    [Fact]
    public void A_signature_whose_path_turns_the_wrong_way_shows_another_root_or_index()
    {
        var segment = Honest(new TestRollup());
        new CheatingProver
        {
            Posted = segment,
            Tables = static tables =>
            {
                var wide = tables[RollupMachine.Wide];
                wide[1 + WideAir.Pairs, WideAir.Bit] = KoalaBear.One - wide[1 + WideAir.Pairs, WideAir.Bit];
            },
        }.IsRefused("table wide");
    }
}
