using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>What a monitor's records add up to. Changes by <see cref="Apply"/> alone.</summary>
internal sealed class MonitorState(OutPoint funding)
{
    private readonly List<ClaimRecord.TransactionConfirmed> _confirmed = [];
    private readonly Dictionary<OutPoint, Spend> _spends = [];
    private readonly SortedDictionary<Bytes32, Bytes32> _preimages = [];
    private readonly SortedDictionary<OutPoint, ClaimRecord.CoinsGranted> _coins = [];
    private readonly SortedDictionary<(bool IsOffered, ulong Id), ClaimRecord.HtlcResolved> _resolved = [];
    private readonly List<ClaimRecord.ClaimMade> _claims = [];
    private ClaimRecord.Finished? _finished;

    /// <summary>Counts changes of what is confirmed, for those who keep what they derived from it.</summary>
    internal int ChainVersion { get; private set; }

    internal ClaimRecord.CommitmentReleased? Released { get; private set; }

    /// <summary>A close that was confirmed and is not any more.</summary>
    internal Transaction? OrphanedClose { get; private set; }

    internal bool IsDone => _finished is not null;

    /// <summary>Confirmed transactions that spend what is watched, in the order of the chain.</summary>
    internal IReadOnlyList<ClaimRecord.TransactionConfirmed> Confirmed => _confirmed;

    /// <summary>What spent the funding output.</summary>
    internal ClaimRecord.TransactionConfirmed? ConfirmedClose =>
        _spends.TryGetValue(funding, out var spend) ? new ClaimRecord.TransactionConfirmed(spend.Height, spend.Transaction) : null;

    internal IReadOnlyDictionary<Bytes32, Bytes32> Preimages => _preimages;

    internal IReadOnlyDictionary<OutPoint, ClaimRecord.CoinsGranted> Coins => _coins;

    internal IReadOnlyDictionary<(bool IsOffered, ulong Id), ClaimRecord.HtlcResolved> Resolved => _resolved;

    /// <summary>Claims that no confirmed transaction has decided: they may be in mempools.</summary>
    internal IEnumerable<ClaimRecord.ClaimMade> OpenClaims => _claims.Where(claim => !claim.Outputs.Any(_spends.ContainsKey));

    internal bool TryGetSpend(OutPoint outPoint, out Spend spend) => _spends.TryGetValue(outPoint, out spend);

    internal bool IsConfirmed(TxId id) => _confirmed.Exists(confirmed => confirmed.Transaction.TxId == id);

    internal void Apply(ClaimRecord record)
    {
        switch (record)
        {
            case ClaimRecord.CommitmentReleased released:
                Released ??= released;
                break;
            case ClaimRecord.TransactionConfirmed confirmed:
                Confirm(confirmed);
                break;
            case ClaimRecord.ChainRewound rewound:
                Rewind(rewound.Height);
                break;
            case ClaimRecord.CloseOrphaned orphaned:
                OrphanedClose = orphaned.Transaction;
                break;
            case ClaimRecord.PreimageLearnt learnt:
                _preimages[learnt.PaymentHash] = learnt.Preimage;
                break;
            case ClaimRecord.ClaimMade made:
                _claims.RemoveAll(claim => claim.Outputs.Any(made.Outputs.Contains));
                _claims.Add(made);
                break;
            case ClaimRecord.CoinsGranted granted:
                _coins[granted.Purpose] = _coins.TryGetValue(granted.Purpose, out var before)
                    ? granted with { Coins = [.. before.Coins, .. granted.Coins.Where(coin => before.Coins.All(known => known.OutPoint != coin.OutPoint))] }
                    : granted;
                break;
            case ClaimRecord.CoinsReturned returned:
                // Without its coins a claim that is not confirmed is void.
                _coins.Remove(returned.Purpose);
                _claims.RemoveAll(claim => claim.Claim.Coins.Count > 0 && claim.Outputs.Contains(returned.Purpose));
                break;
            case ClaimRecord.HtlcResolved resolved:
                _resolved[(resolved.IsOffered, resolved.Id)] = resolved;
                break;
            case ClaimRecord.Finished finished:
                _finished = finished;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(record), record, "No such record.");
        }
    }

    /// <summary>Records that lead to this state from an empty one.</summary>
    internal IEnumerable<ClaimRecord> Snapshot()
    {
        if (Released is not null)
            yield return Released;
        foreach (var (hash, preimage) in _preimages)
            yield return new ClaimRecord.PreimageLearnt(hash, preimage);
        foreach (var confirmed in _confirmed)
            yield return confirmed;
        if (OrphanedClose is not null)
            yield return new ClaimRecord.CloseOrphaned(OrphanedClose);
        foreach (var claim in _claims)
            yield return claim;
        foreach (var granted in _coins.Values)
            yield return granted;
        foreach (var resolved in _resolved.Values)
            yield return resolved;
        if (_finished is not null)
            yield return _finished;
    }

    private void Confirm(ClaimRecord.TransactionConfirmed confirmed)
    {
        _confirmed.Add(confirmed);
        ChainVersion++;
        for (var i = 0; i < confirmed.Transaction.InputCount; i++)
        {
            var outPoint = confirmed.Transaction.PreviousOutput(i);
            _spends[outPoint] = new Spend(confirmed.Transaction, i, confirmed.Height);
            if (outPoint == funding)
                OrphanedClose = null;
        }
    }

    private void Rewind(int height)
    {
        if (ConfirmedClose is { } close && close.Height >= height)
            OrphanedClose = close.Transaction;
        _confirmed.RemoveAll(confirmed => confirmed.Height >= height);
        _finished = null;
        ChainVersion++;
        _spends.Clear();
        foreach (var confirmed in _confirmed)
        {
            for (var i = 0; i < confirmed.Transaction.InputCount; i++)
                _spends[confirmed.Transaction.PreviousOutput(i)] = new Spend(confirmed.Transaction, i, confirmed.Height);
        }
    }
}
