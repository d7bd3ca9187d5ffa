using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Accounts;
using Tributary.Bitcoin.Wallets.Records;
using Tributary.Bitcoin.Wallets.State;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Tests.Wallets.State;

public sealed class WalletStateTests
{
    private static readonly Script s_elsewhere = StandardScripts.P2wpkh(new byte[20]);
    private static readonly WalletRecord.AccountAdded s_account = MakeAccount();

    [Fact]
    public void Records_stored_and_read_again_give_the_same_wallet() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] steps) =>
        {
            var story = new Story();
            foreach (var step in steps)
                story.Step(step);
            var again = Fold(story.Records.Select(static record => WalletRecordCodec.Decode(WalletRecordCodec.Encode(record)).Value.Record!));
            return Same(Show(story.State), Show(again));
        }));

    [Fact]
    public void A_snapshot_gives_the_same_wallet() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] steps) =>
        {
            var story = new Story();
            foreach (var step in steps)
                story.Step(step);
            if (story.State.NeedsRescan)
                return true;
            var records = WalletSnapshot.Of(story.State).ToArray();
            return Same(Show(story.State), Show(Fold(records))) && WalletSnapshot.Of(Fold(records)).Count() == records.Length;
        }));

    [Fact]
    public void What_a_reorganisation_takes_it_gives_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] before, byte[] after) =>
        {
            var story = new Story();
            foreach (var step in before)
                story.Step(step);
            var tip = story.State.Tip;

            // Blocks on top, then back below them: nothing of theirs is left, and the same blocks again bring it again.
            var records = new List<WalletRecord>();
            story.Sink = records;
            foreach (var step in after)
                story.Step((byte)(step % 3));
            story.Sink = null;
            var reached = Show(story.State);
            story.Apply(new WalletRecord.TipRetreated(tip));
            var confirmed = story.State.Transactions.Values.Where(entry => entry.Block?.Height > tip.Height);
            var isBack = !confirmed.Any() && story.State.Tip == tip;
            foreach (var record in records.Where(static record => record is WalletRecord.TransactionConfirmed or WalletRecord.TipAdvanced))
                story.Apply(record);
            return isBack && Same(Show(story.State), reached);
        }));

    [Fact]
    public void Addresses_stay_in_sight_far_beyond_the_gap()
    {
        var story = new Story();
        for (uint index = 0; index < 200; index += 19)
        {
            Assert.True(story.State.IsOurs(story.State.Accounts[0].Receive.Derive(index).ScriptPubKey, out _));
            story.Pay(story.State.Accounts[0].Receive.Derive(index).ScriptPubKey);
        }

        Assert.Equal(191u, story.State.Accounts[0].Receive.NextIndex);
        Assert.True(story.State.NeedsRescan);
        story.Apply(new WalletRecord.CoverageReached(0, IsChange: false, (int)story.State.Accounts[0].Receive.Covered));
        Assert.False(story.State.NeedsRescan);
    }

    [Fact]
    public void Addresses_that_were_handed_out_need_no_second_look()
    {
        var story = new Story();
        for (uint index = 0; index < 100; index++)
            story.Apply(new WalletRecord.AddressIssued(new ScriptPlace(0, IsChange: false, index)));
        Assert.False(story.State.NeedsRescan);
        Assert.Equal(120u, story.State.Accounts[0].Receive.Covered);
    }

    [Fact]
    public void One_transaction_that_pays_many_new_addresses_is_seen_whole()
    {
        var story = new Story();
        var branch = story.State.Accounts[0].Receive;
        var far = branch.Derive(35).ScriptPubKey;
        Assert.False(story.State.IsOurs(far, out _));
        story.Add(Transaction.Create(2, [story.NextInput()], [new TxOut(new Satoshis(1), far), new TxOut(new Satoshis(2), branch.Derive(18).ScriptPubKey)]));
        Assert.Equal(2, story.State.Outputs.Count);
    }

    [Fact]
    public void Contradicting_records_are_refused()
    {
        Assert.Equal("wallet", new WalletState().Apply(new WalletRecord.TipAdvanced(default))!.Field);
        var state = new Story().State;
        Assert.Equal("wallet", state.Apply(new WalletRecord.Created("regtest", 0, null, 20))!.Field);
        Assert.Equal("wallet.transaction", state.Apply(new WalletRecord.TransactionAbandoned(default))!.Field);
        Assert.Equal("wallet.account", state.Apply(new WalletRecord.AddressIssued(new ScriptPlace(9, false, 0)))!.Field);
        Assert.Equal("wallet.account", state.Apply(new WalletRecord.AccountAdded(7, WalletAccountKind.Bip84, true, "wpkh(x)", null))!.Field);
        Assert.Equal("wallet.network", new WalletState().Apply(new WalletRecord.Created("dogecoin", 0, null, 20))!.Field);
    }

    private static WalletRecord.AccountAdded MakeAccount()
    {
        using var seed = WalletSeed.Generate(new SeededEntropy(1));
        using var master = seed.ToMaster(BitcoinNetwork.Regtest).Value;
        return WalletAccount.FromSeed(0, WalletAccountKind.Bip84, 0, master, BitcoinNetwork.Regtest).Value;
    }

    private static WalletState Fold(IEnumerable<WalletRecord> records)
    {
        var state = new WalletState();
        foreach (var record in records)
            Assert.Null(state.Apply(record));
        return state;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    private static string Show(WalletState state)
    {
        // What the mempool holds is no part of the records.
        foreach (var entry in state.Transactions.Values)
            entry.IsInMempool = false;
        var judgement = new WalletJudgement(state);
        var lines = new List<string> { state.Tip.ToString(), string.Join(' ', state.Branches.Select(static branch => $"{branch.NextIndex}/{branch.Covered}/{branch.Scanned}")) };
        lines.AddRange(WalletViews.Transactions(state).Select(static one => $"{one.TxId} {one.State} {one.Block} {one.Net} {one.Fee} {one.ReplacedBy} {one.Label}").Order(StringComparer.Ordinal));
        lines.AddRange(WalletViews.Coins(state, now: 0).Select(static coin => coin.ToString()).Order(StringComparer.Ordinal));
        lines.AddRange(state.Leases.Values.Select(static lease => $"{lease.Id} {lease.OutPoints.Count}").Order(StringComparer.Ordinal));
        lines.Add(WalletViews.Balance(state, Satoshis.Zero, now: 0).ToString());
        lines.Add(judgement.Unspent().Count().ToString(CultureInfo.InvariantCulture));
        return string.Join('\n', lines);
    }

    /// <summary>A wallet's life, step by step from numbers.</summary>
    private sealed class Story
    {
        private readonly List<Transaction> _spendable = [];
        private int _inputs;
        private int _blocks;

        internal Story()
        {
            Apply(new WalletRecord.Created("regtest", 0, Birthday: null, 20));
            Apply(s_account);
        }

        internal WalletState State { get; } = new();

        internal List<WalletRecord> Records { get; } = [];

        internal List<WalletRecord>? Sink { get; set; }

        internal void Apply(WalletRecord record)
        {
            Assert.Null(State.Apply(record));
            Records.Add(record);
            Sink?.Add(record);
        }

        internal void Step(byte step)
        {
            switch (step % 11)
            {
                case 0:
                    Mine();
                    break;
                case 1:
                    Pay(State.Accounts[0].Receive.Derive((uint)(step / 11) % 30).ScriptPubKey);
                    break;
                case 2:
                    ConfirmAll();
                    break;
                case 3:
                    Apply(new WalletRecord.AddressIssued(State.Accounts[0].Receive.Place(State.Accounts[0].Receive.NextIndex)));
                    break;
                case 4:
                    Spend(replaced: null);
                    break;
                case 5 when State.Transactions.Values.LastOrDefault(static entry => entry is { IsOwn: true, IsConfirmed: false, ReplacedBy: null, IsAbandoned: false }) is { } own:
                    Spend(own);
                    break;
                case 6 when State.Tip.Height > 2:
                    var depth = 1 + (step % 2);
                    Apply(new WalletRecord.TipRetreated(State.RecentBlocks[^(depth + 1)]));
                    break;
                case 7 when State.Transactions.Values.LastOrDefault(static entry => !entry.IsConfirmed && entry.Conflict is null) is { } victim:
                    Apply(new WalletRecord.TransactionConflicted(victim.TxId, default, State.Tip));
                    break;
                case 8 when State.Transactions.Values.LastOrDefault(static entry => !entry.IsConfirmed && !entry.IsAbandoned) is { } given:
                    Apply(new WalletRecord.TransactionAbandoned(given.TxId));
                    break;
                case 9:
                    Apply(new WalletRecord.LeaseTaken($"{step % 4}", [.. State.Outputs.Keys.Take(2)], ExpiresAt: null, ""));
                    break;
                case 10:
                    Apply(new WalletRecord.LabelSet($"tx:{State.Transactions.Keys.FirstOrDefault()}", step % 2 == 0 ? "note" : ""));
                    break;
            }
        }

        internal TxIn NextInput()
        {
            var id = new byte[32];
            BitConverter.TryWriteBytes(id, ++_inputs);
            return new TxIn(new OutPoint(new TxId(new Bytes32(id)), 0));
        }

        internal void Pay(Script script) => Add(Transaction.Create(2, [NextInput()], [new TxOut(new Satoshis(10_000 + _inputs), script)]));

        internal void Add(Transaction transaction, bool isOwn = false, TxId? replaces = null)
        {
            if (State.Transactions.ContainsKey(transaction.TxId))
                return;
            Apply(new WalletRecord.TransactionAdded(transaction, _inputs, isOwn, isOwn ? new Satoshis(100) : null, replaces));
            _spendable.Add(transaction);
        }

        private void Spend(TransactionEntry? replaced)
        {
            var change = State.Accounts[0].ChangeBranch;
            var input = replaced?.Transaction.PreviousOutput(0) ?? new WalletJudgement(State).Unspent().Select(static output => (OutPoint?)output.OutPoint).FirstOrDefault();
            if (input is not { } outPoint)
                return;
            Apply(new WalletRecord.AddressIssued(change.Place(change.NextIndex)));
            Add(Transaction.Create(2, [new TxIn(outPoint)], [new TxOut(new Satoshis(500 + _inputs++), s_elsewhere), new TxOut(new Satoshis(700), change.Derive(change.NextIndex - 1).ScriptPubKey)]), isOwn: true, replaced?.TxId);
        }

        private void Mine()
        {
            var hash = new byte[32];
            BitConverter.TryWriteBytes(hash, ++_blocks);
            Apply(new WalletRecord.TipAdvanced(new ChainTip(State.Tip.Height + 1, new BlockHash(new Bytes32(hash)))));
        }

        private void ConfirmAll()
        {
            Mine();
            var judgement = new WalletJudgement(State);
            foreach (var entry in State.Transactions.Values.Where(entry => !entry.IsConfirmed && judgement.IsActive(entry)).ToArray())
            {
                if (Enumerable.Range(0, entry.Transaction.InputCount).All(i => judgement.Spender(entry.Transaction.PreviousOutput(i)) == entry))
                    Apply(new WalletRecord.TransactionConfirmed(entry.TxId, State.Tip, 1));
            }
        }
    }
}
