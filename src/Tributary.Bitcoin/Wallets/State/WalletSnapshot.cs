using Tributary.Bitcoin.Wallets.Records;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>The fewest records that lead to the same state. Only for a state without a rescan to do.</summary>
internal static class WalletSnapshot
{
    internal static IEnumerable<WalletRecord> Of(WalletState state)
    {
        yield return state.Creation ?? throw new InvalidOperationException("The wallet was not created yet.");
        if (state.Seed is { } seed)
            yield return seed;
        foreach (var account in state.Accounts)
        {
            yield return new WalletRecord.AccountAdded(account.Id, account.Kind, account.HasKeys, account.Receive.Descriptor.ToString(), account.Change?.Descriptor.ToString());
            foreach (var branch in account.Branches.Where(static branch => branch.NextIndex > 0))
                yield return new WalletRecord.AddressIssued(branch.Place(branch.NextIndex - 1));
        }

        foreach (var entry in state.Transactions.Values.OrderBy(static entry => entry.Order))
        {
            yield return new WalletRecord.TransactionAdded(entry.Transaction, entry.SeenAt, entry.IsOwn, entry.Fee, entry.Replaces);
            if (entry.IsAbandoned)
                yield return new WalletRecord.TransactionAbandoned(entry.TxId);
            if (entry.Block is { } block)
                yield return new WalletRecord.TransactionConfirmed(entry.TxId, block, entry.Position);
            if (entry.Conflict is { } conflict)
                yield return new WalletRecord.TransactionConflicted(entry.TxId, conflict.By, conflict.Block);
        }

        foreach (var block in state.RecentBlocks.Where(block => block != state.Start))
            yield return new WalletRecord.TipAdvanced(block);
        foreach (var branch in state.Branches)
            yield return new WalletRecord.CoverageReached(branch.Account, branch.IsChange, (int)branch.Scanned);
        foreach (var lease in state.Leases.Values)
            yield return new WalletRecord.LeaseTaken(lease.Id, lease.OutPoints, lease.ExpiresAt, lease.Purpose);
        foreach (var (subject, text) in state.Labels)
            yield return new WalletRecord.LabelSet(subject, text);
    }
}
