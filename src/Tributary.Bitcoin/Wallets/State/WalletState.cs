using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Accounts;
using Tributary.Bitcoin.Wallets.Records;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>
/// What a wallet knows: its records applied in order, and nothing else. Owns no thread, clock, disk or network, and the same records
/// give the same state. Not safe for more than one thread.
/// </summary>
internal sealed class WalletState
{
    /// <summary>Blocks whose hashes are kept, to find the way back when a source forgets where the wallet stands.</summary>
    private const int RecentBlocksMax = 288;

    private readonly Dictionary<Script, ScriptPlace> _scripts = [];
    private readonly Dictionary<Script, List<(TransactionEntry Parent, int Index)>> _foreignOutputs = [];
    private readonly Dictionary<OutPoint, List<TransactionEntry>> _spends = [];

    internal BitcoinNetwork Network { get; private set; } = BitcoinNetwork.Regtest;

    /// <summary>The first record; null before it.</summary>
    internal WalletRecord.Created? Creation { get; private set; }

    internal WalletRecord.SeedStored? Seed { get; private set; }

    internal List<WalletAccount> Accounts { get; } = [];

    internal Dictionary<TxId, TransactionEntry> Transactions { get; } = [];

    /// <summary>Outputs that pay the wallet, spent or not.</summary>
    internal Dictionary<OutPoint, OutputEntry> Outputs { get; } = [];

    internal Dictionary<string, LeaseEntry> Leases { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>The last block that was looked through; at first the one before which nothing paid the wallet.</summary>
    internal ChainTip Tip => RecentBlocks[^1];

    /// <summary>Where following began.</summary>
    internal ChainTip Start => Creation?.Birthday ?? new ChainTip(0, Network.GenesisHash);

    /// <summary>Ascending, the tip last.</summary>
    internal List<ChainTip> RecentBlocks { get; } = [];

    internal IEnumerable<ScriptBranch> Branches => Accounts.SelectMany(static account => account.Branches);

    internal bool NeedsRescan => Branches.Any(static branch => branch.NeedsRescan);

    internal bool IsOurs(Script script, out ScriptPlace place) => _scripts.TryGetValue(script, out place);

    internal ScriptBranch Branch(ScriptPlace place) => Accounts[place.Account].Branch(place.IsChange);

    /// <summary>Transactions of the wallet that spend an output, whatever became of them.</summary>
    internal IReadOnlyList<TransactionEntry> Spenders(OutPoint outPoint) => _spends.TryGetValue(outPoint, out var spenders) ? spenders : [];

    /// <summary>Does it pay the wallet or spend from it?</summary>
    internal bool IsRelevant(Transaction transaction)
    {
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            if (_scripts.ContainsKey(transaction.Output(i).ScriptPubKey))
                return true;
        }

        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (Outputs.ContainsKey(transaction.PreviousOutput(i)))
                return true;
        }

        return false;
    }

    /// <summary>Applies a record; refused for one that contradicts what came before.</summary>
    internal Refusal? Apply(WalletRecord record)
    {
        if (Creation is null && record is not WalletRecord.Created)
            return new Refusal("wallet", "does not begin with its creation");
        switch (record)
        {
            case WalletRecord.Created created:
                return ApplyCreated(created);
            case WalletRecord.SeedStored seed:
                Seed = seed;
                return null;
            case WalletRecord.AccountAdded added:
                return ApplyAccount(added);
            case WalletRecord.AddressIssued issued:
                return ApplyIssued(issued);
            case WalletRecord.CoverageReached coverage:
                if (coverage.Account >= Accounts.Count)
                    return new Refusal("wallet.account", $"{coverage.Account} is not known");
                var branch = Accounts[coverage.Account].Branch(coverage.IsChange);
                branch.Scanned = Math.Max(branch.Scanned, Math.Min(branch.Covered, (uint)coverage.Count));
                return null;
            case WalletRecord.TransactionAdded added:
                Add(added);
                return null;
            case WalletRecord.TipAdvanced advanced:
                RecentBlocks.Add(advanced.Tip);
                if (RecentBlocks.Count > RecentBlocksMax)
                    RecentBlocks.RemoveRange(0, RecentBlocks.Count - RecentBlocksMax);
                return null;
            case WalletRecord.TipRetreated retreated:
                Retreat(retreated.Tip);
                return null;
            case WalletRecord.LeaseTaken lease:
                Leases[lease.Id] = new LeaseEntry(lease.Id, lease.OutPoints, lease.ExpiresAt, lease.Purpose);
                return null;
            case WalletRecord.LeaseReleased released:
                Leases.Remove(released.Id);
                return null;
            case WalletRecord.LabelSet label when label.Text.Length == 0:
                Labels.Remove(label.Subject);
                return null;
            case WalletRecord.LabelSet label:
                Labels[label.Subject] = label.Text;
                return null;
            default:
                return ApplyFate(record);
        }
    }

    /// <summary>The address at a place.</summary>
    internal Address AddressAt(ScriptPlace place) =>
        Address.TryFromScript(Branch(place).Derive(place.Index).ScriptPubKey, Network, out var address)
            ? address
            : throw new InvalidOperationException("The account's scripts have no addresses.");

    private Refusal? ApplyCreated(WalletRecord.Created created)
    {
        if (Creation is not null)
            return new Refusal("wallet", "is created twice");
        if (!BitcoinNetwork.TryParse(created.Network, out var network))
            return new Refusal("wallet.network", $"{created.Network} is not known");
        (Creation, Network) = (created, network);
        RecentBlocks.Add(Start);
        return null;
    }

    private Refusal? ApplyAccount(WalletRecord.AccountAdded added)
    {
        if (added.Id != Accounts.Count)
            return new Refusal("wallet.account", $"{added.Id} is out of order");
        if (!WalletAccount.Load(added, Network).TryGet(out var account, out var refusal))
            return refusal;

        Accounts.Add(account);
        var begins = Tip == Start;
        foreach (var branch in account.Branches)
        {
            Cover(branch);
            branch.Scanned = begins ? branch.Covered : 0;
        }

        return null;
    }

    private Refusal? ApplyIssued(WalletRecord.AddressIssued issued)
    {
        if (issued.Place.Account >= Accounts.Count)
            return new Refusal("wallet.account", $"{issued.Place.Account} is not known");

        // Nobody was given the addresses that come into sight by this, so no past block can pay them.
        var branch = Branch(issued.Place);
        var isScanned = !branch.NeedsRescan;
        branch.NextIndex = Math.Max(branch.NextIndex, issued.Place.Index + 1);
        Cover(branch);
        if (isScanned)
            branch.Scanned = branch.Covered;
        return null;
    }

    private Refusal? ApplyFate(WalletRecord record)
    {
        var id = record switch
        {
            WalletRecord.TransactionConfirmed confirmed => confirmed.TxId,
            WalletRecord.TransactionConflicted conflicted => conflicted.TxId,
            WalletRecord.TransactionAbandoned abandoned => abandoned.TxId,
            _ => default,
        };
        if (!Transactions.TryGetValue(id, out var entry))
            return new Refusal("wallet.transaction", $"{id} is not known");

        switch (record)
        {
            case WalletRecord.TransactionConfirmed confirmed:
                (entry.Block, entry.Position, entry.Conflict, entry.IsAbandoned) = (confirmed.Block, confirmed.Position, null, false);
                break;
            case WalletRecord.TransactionConflicted conflicted:
                (entry.Conflict, entry.IsInMempool) = ((conflicted.By, conflicted.Block), false);
                break;
            case WalletRecord.TransactionAbandoned:
                (entry.IsAbandoned, entry.IsInMempool) = (true, false);
                if (entry.Replaces is { } replaced && Transactions.TryGetValue(replaced, out var earlier) && earlier.ReplacedBy == entry.TxId)
                    (earlier.ReplacedBy, earlier.IsInMempool) = (null, true);
                break;
        }

        return null;
    }

    private void Add(WalletRecord.TransactionAdded added)
    {
        if (Transactions.TryGetValue(added.Transaction.TxId, out var known))
        {
            known.IsOwn |= added.IsOwn;
            known.Fee ??= added.Fee;
            (known.IsAbandoned, known.IsInMempool) = (false, !known.IsConfirmed);
            return;
        }

        var entry = new TransactionEntry(added.Transaction, Transactions.Count, added.SeenAt, added.IsOwn) { Fee = added.Fee, Replaces = added.Replaces };
        Transactions.Add(entry.TxId, entry);
        if (added.Replaces is { } replaced && Transactions.TryGetValue(replaced, out var earlier))
            (earlier.ReplacedBy, earlier.IsInMempool) = (entry.TxId, false);
        for (var i = 0; i < entry.Transaction.InputCount; i++)
        {
            var outPoint = entry.Transaction.PreviousOutput(i);
            if (_spends.TryGetValue(outPoint, out var spenders))
                spenders.Add(entry);
            else
                _spends.Add(outPoint, [entry]);
        }

        for (var i = 0; i < entry.Transaction.OutputCount; i++)
        {
            var script = entry.Transaction.Output(i).ScriptPubKey;
            if (_scripts.TryGetValue(script, out var place))
                AddOutput(entry, i, place);
            else if (_foreignOutputs.TryGetValue(script, out var outputs))
                outputs.Add((entry, i));
            else
                _foreignOutputs.Add(script, [(entry, i)]);
        }
    }

    private void AddOutput(TransactionEntry parent, int index, ScriptPlace place)
    {
        var outPoint = parent.Transaction.OutPointOf(index);
        if (!Outputs.TryAdd(outPoint, new OutputEntry(outPoint, parent.Transaction.Output(index), place, parent)))
            return;

        // An index that was not handed out here comes from a seed that was used elsewhere; the addresses behind it may be paid too.
        var branch = Branch(place);
        if (place.Index < branch.NextIndex)
            return;
        branch.NextIndex = place.Index + 1;
        Cover(branch);
    }

    /// <summary>Watches scripts up to the gap limit beyond the last one used; outputs of known transactions may turn out to be the wallet's.</summary>
    private void Cover(ScriptBranch branch)
    {
        var target = branch.Descriptor.IsRanged ? branch.NextIndex + (uint)Creation!.GapLimit : 1;
        while (branch.Covered < target)
        {
            var place = branch.Place(branch.Covered);
            var script = branch.Derive(branch.Covered++).ScriptPubKey;
            _scripts.TryAdd(script, place);
            if (!_foreignOutputs.Remove(script, out var outputs))
                continue;
            foreach (var (parent, index) in outputs)
                AddOutput(parent, index, place);
            target = branch.Descriptor.IsRanged ? branch.NextIndex + (uint)Creation!.GapLimit : 1;
        }
    }

    private void Retreat(ChainTip tip)
    {
        RecentBlocks.RemoveAll(block => block.Height > tip.Height || (block.Height == tip.Height && block.Hash != tip.Hash));
        if (RecentBlocks.Count == 0 || RecentBlocks[^1] != tip)
            RecentBlocks.Add(tip);
        foreach (var entry in Transactions.Values)
        {
            if (entry.Block is { } block && block.Height > tip.Height)
                (entry.Block, entry.Position, entry.IsInMempool) = (null, 0, !entry.Transaction.IsCoinbase);
            if (entry.Conflict is { } conflict && conflict.Block.Height > tip.Height)
                entry.Conflict = null;
        }
    }
}
