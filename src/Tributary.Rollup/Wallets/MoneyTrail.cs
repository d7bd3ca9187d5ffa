using System.Globalization;
using Tributary.Bitcoin.Wallets;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Withdrawals;

namespace Tributary.Rollup.Wallets;

/// <summary>
/// Follows a wallet's money into and out of the rollup, and what it posted: out of blocks and proofs, with nothing of the operator's. A pure function of the
/// replica and of the wallet's own books.
/// </summary>
/// <param name="wallet">The wallet.</param>
/// <param name="replica">The rollup, shown blocks up to the tip.</param>
public sealed class MoneyTrail(RollupWallet wallet, RollupReplica replica)
{
    private const string DepositLabel = "deposit to account ";

    private readonly HashSet<uint> _accounts = [.. wallet.Accounts.Where(static account => account.Number is not null).Select(static account => account.Number!.Value)];

    private int Tip => replica.NextHeight - 1;

    /// <summary>What a payment into the vault is known by in the wallet of coins.</summary>
    public static string LabelOfDeposit(uint account) => DepositLabel + account.ToString(CultureInfo.InvariantCulture);

    /// <summary>Deposits, then withdrawals, then posts, each in order.</summary>
    public IReadOnlyList<MoneyOnItsWay> Read() => [.. WaitingDeposits(), .. Deposits(), .. Withdrawals(), .. Posts()];

    private IEnumerable<MoneyOnItsWay> WaitingDeposits()
    {
        foreach (var payment in wallet.Coins.Transactions)
        {
            if (payment.Label?.StartsWith(DepositLabel, StringComparison.Ordinal) != true || !uint.TryParse(payment.Label.AsSpan(DepositLabel.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var account)
                || replica.Deposits.Any(seen => seen.Output.TxId == payment.TxId))
                continue;
            var sats = payment.Sent - payment.Received - (payment.Fee ?? default);
            var isLost = payment.State is WalletTransactionState.Replaced or WalletTransactionState.Conflicted or WalletTransactionState.Abandoned;
            yield return new MoneyOnItsWay(
                "deposit", isLost ? "lost" : "waiting",
                isLost ? Text($"{sats} for account {account} never got into a block: another transaction spent its coins") : Text($"{sats} for account {account} wait for a block"),
                sats.Value, account, payment.TxId.ToString(), null, null, null);
        }
    }

    private IEnumerable<MoneyOnItsWay> Deposits()
    {
        foreach (var deposit in replica.Deposits.Where(deposit => _accounts.Contains(deposit.To.Value)))
        {
            var batch = replica.Batches.FirstOrDefault(one => one.Header.DepositCursor >= deposit.Number);
            var time = replica.Batches.LastOrDefault()?.Header.Height ?? 0;
            var (state, words) = batch is null
                ? ("confirmed", Text($"{deposit.Amount} for account {deposit.To.Value} stand in block {deposit.Height}; the account has them when a batch of that time is anchored (rollup time is {time})"))
                : IsProven(batch)
                    ? ("proven", Text($"{deposit.Amount} for account {deposit.To.Value} are in the rollup since batch {batch.Header.Number}, which is proven"))
                    : ("credited", Text($"{deposit.Amount} for account {deposit.To.Value} are in batch {batch.Header.Number}, which waits for its proof"));
            yield return new MoneyOnItsWay("deposit", state, words, deposit.Amount.Value, deposit.To.Value, deposit.Output.TxId.ToString(), deposit.Height, batch?.Header.Number, null);
        }
    }

    private IEnumerable<MoneyOnItsWay> Withdrawals()
    {
        foreach (var owed in replica.FindWithdrawals().Where(owed => _accounts.Contains(owed.What.From.Value)))
        {
            var words = owed.State switch
            {
                WithdrawalState.Unproven => Text($"{owed.Amount} from account {owed.What.From.Value} stand in batch {owed.Batch}, which waits for its proof"),
                WithdrawalState.Due => Text($"{owed.Amount} from account {owed.What.From.Value} are proven in batch {owed.Batch} (anchored at height {owed.AnchoredAt}): the vault owes them, and pays when the anchor is 6 blocks deep and fees allow"),
                WithdrawalState.Paid => Text($"{owed.Amount} from account {owed.What.From.Value} were paid in transaction {owed.PaidBy} at height {owed.PaidAt}"),
                _ => Text($"{owed.Amount} from account {owed.What.From.Value} can't be paid: too little, or to a script that nodes do not relay; the vault holds them"),
            };
            yield return new MoneyOnItsWay(
                "withdrawal", owed.State.ToString().ToLowerInvariant(), words, owed.Amount.Value, owed.What.From.Value, owed.PaidBy?.ToString(), owed.PaidAt == 0 ? null : owed.PaidAt, owed.Batch, null);
        }
    }

    private IEnumerable<MoneyOnItsWay> Posts()
    {
        foreach (var operation in wallet.Operations.Where(static one => one.IsPosted))
        {
            var number = operation.Operation.ToString();
            if (replica.Posts.FirstOrDefault(post => post.Operation.Span.SequenceEqual(operation.Bytes.Span)) is not { } post)
            {
                yield return new MoneyOnItsWay("post", "waiting", Text($"{operation.What}: its post waits for a block"), null, null, null, null, null, number);
                continue;
            }

            var found = replica.Batches.SelectMany(static batch => batch.Posts.Select(one => (Batch: batch, one.Post, one.Why))).FirstOrDefault(one => one.Post.Number == post.Number);
            var (state, words) = found.Batch is not { } batch ? Queued(operation, post)
                : found.Why is { } why ? ("refused", Text($"{operation.What}: taken off the queue by batch {batch.Header.Number} without effect: {why}"))
                : IsProven(batch) ? ("proven", Text($"{operation.What}: done in batch {batch.Header.Number}, which is proven"))
                : ("done", Text($"{operation.What}: done in batch {batch.Header.Number}, which waits for its proof"));
            yield return new MoneyOnItsWay("post", state, words, null, null, null, post.Height, found.Batch?.Header.Number, number);
        }
    }

    private (string State, string Words) Queued(WalletOperation operation, ForcedPost post) => Tip < post.DueHeight
        ? ("queued", Text($"{operation.What}: stands on Bitcoin in block {post.Height}; a batch has to take it by height {post.DueHeight}, {post.DueHeight - Tip} blocks from now"))
        : ("overdue", Text($"{operation.What}: stands on Bitcoin in block {post.Height} and was due by height {post.DueHeight}; no batch without it counts any more: the rollup stands still until its operator takes it"));

    private bool IsProven(ReplayedBatch batch) => batch.Segments.Count == 0 || batch.Segments[^1].Number < replica.ProvenSegments;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
