using Tributary.Bitcoin.Addresses;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>What a wallet shows of its state.</summary>
internal static class WalletViews
{
    internal static WalletBalance Balance(WalletState state, Satoshis reserve, long now)
    {
        var judgement = new WalletJudgement(state);
        var leased = state.Leases.Values.Where(lease => !lease.IsOver(now)).SelectMany(static lease => lease.OutPoints).ToHashSet();
        var (confirmed, trusted, untrusted, immature, locked) = (0L, 0L, 0L, 0L, 0L);
        foreach (var output in judgement.Unspent())
        {
            var value = output.Output.Value.Value;
            if (judgement.IsImmature(output))
                immature += value;
            else if (output.Parent.IsConfirmed)
                confirmed += value;
            else if (judgement.IsTrusted(output.Parent))
                trusted += value;
            else
                untrusted += value;
            if (leased.Contains(output.OutPoint) && !judgement.IsImmature(output) && judgement.IsTrusted(output.Parent))
                locked += value;
        }

        var reserved = Math.Min(reserve.Value, confirmed + trusted - locked);
        return new WalletBalance(new Satoshis(confirmed), new Satoshis(trusted), new Satoshis(untrusted), new Satoshis(immature), new Satoshis(locked), new Satoshis(reserved));
    }

    internal static IReadOnlyList<WalletCoin> Coins(WalletState state, long now)
    {
        var judgement = new WalletJudgement(state);
        var leases = state.Leases.Values.Where(lease => !lease.IsOver(now))
            .SelectMany(static lease => lease.OutPoints.Select(outPoint => (outPoint, lease.Id)))
            .DistinctBy(static pair => pair.outPoint)
            .ToDictionary(static pair => pair.outPoint, static pair => pair.Id);
        return [.. judgement.Unspent().OrderBy(static output => output.Parent.Order).ThenBy(static output => output.OutPoint.Index).Select(output => new WalletCoin(
            output.OutPoint,
            output.Output,
            output.Place,
            Address.TryFromScript(output.Output.ScriptPubKey, state.Network, out var address) ? address : null,
            judgement.Confirmations(output.Parent),
            judgement.IsTrusted(output.Parent),
            judgement.IsImmature(output),
            leases.GetValueOrDefault(output.OutPoint)))];
    }

    internal static IReadOnlyList<WalletTransaction> Transactions(WalletState state)
    {
        var judgement = new WalletJudgement(state);
        return [.. state.Transactions.Values.OrderBy(static entry => entry.Order).Select(entry => Transaction(state, judgement, entry))];
    }

    internal static WalletTransaction Transaction(WalletState state, WalletJudgement judgement, TransactionEntry entry)
    {
        var (received, sent) = (0L, 0L);
        for (var i = 0; i < entry.Transaction.OutputCount; i++)
            received += state.Outputs.TryGetValue(entry.Transaction.OutPointOf(i), out var paid) ? paid.Output.Value.Value : 0;
        for (var i = 0; i < entry.Transaction.InputCount; i++)
            sent += state.Outputs.TryGetValue(entry.Transaction.PreviousOutput(i), out var spent) ? spent.Output.Value.Value : 0;
        return new WalletTransaction(
            entry.Transaction,
            StateOf(judgement, entry),
            entry.Block,
            judgement.Confirmations(entry),
            new Satoshis(received),
            new Satoshis(sent),
            judgement.Fee(entry),
            entry.IsOwn,
            DateTimeOffset.FromUnixTimeSeconds(entry.SeenAt),
            entry.ReplacedBy,
            state.Labels.GetValueOrDefault($"tx:{entry.TxId}"));
    }

    private static WalletTransactionState StateOf(WalletJudgement judgement, TransactionEntry entry)
    {
        if (entry.IsConfirmed)
            return WalletTransactionState.Confirmed;
        if (entry.IsAbandoned)
            return WalletTransactionState.Abandoned;
        if (entry.IsInMempool && !judgement.IsDead(entry))
            return WalletTransactionState.Pending;
        if (entry.ReplacedBy is not null)
            return WalletTransactionState.Replaced;
        if (judgement.IsDead(entry))
            return WalletTransactionState.Conflicted;
        return entry.IsOwn ? WalletTransactionState.Waiting : WalletTransactionState.Dropped;
    }
}
