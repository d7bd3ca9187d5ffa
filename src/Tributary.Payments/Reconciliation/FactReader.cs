using System.Collections.Immutable;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Books;
using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Ledger;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Reconciliation;

/// <summary>
/// Says of every transaction of the wallet what it is: money of a payment, a transfer, a channel's beginning or end, the operator's own. What
/// takes coins and is none of these is nobody's doing here, and a problem.
/// </summary>
/// <param name="network">For addresses.</param>
/// <param name="isAttempt">Is an address that of an attempt which the ledger knows?</param>
internal sealed class FactReader(BitcoinNetwork network, Func<string, bool> isAttempt)
{
    // The node's notes on addresses that it asks the wallet for.
    private const string CloseLabel = "close of a channel";
    private const string ClaimChangeLabel = "change of a channel's fees";

    private readonly ImmutableArray<OperatorEntry>.Builder _entries = ImmutableArray.CreateBuilder<OperatorEntry>();
    private readonly ImmutableDictionary<string, long>.Builder _attempts = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
    private readonly ImmutableDictionary<string, long>.Builder _transfers = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<Script, long> _swept = [];

    /// <summary>Reads everything.</summary>
    /// <param name="books">The hot wallet's.</param>
    /// <param name="watched">Those of a wallet whose keys are elsewhere, or null: what it spends for no transfer is the operator's doing.</param>
    /// <param name="position">The channels.</param>
    public WalletFacts Read(WalletBooks books, WalletBooks? watched, NodePosition position)
    {
        foreach (var booked in watched?.Transactions ?? [])
            _entries.Add(new OperatorEntry("watched:" + booked.Transaction.TxId, booked.Counts ? [.. WatchedLinesOf(booked)] : []));
        var fundings = position.Channels.Where(static channel => channel.IsOpener).ToLookup(static channel => channel.Funding.TxId);
        var standing = new HashSet<TxId>();
        foreach (var booked in books.Transactions)
        {
            var subject = "tx:" + booked.Transaction.TxId;
            if (!booked.Counts)
            {
                _entries.Add(new OperatorEntry(subject, []));
                continue;
            }

            standing.Add(booked.Transaction.TxId);
            _entries.Add(new OperatorEntry(subject, [.. LinesOf(booked, fundings[booked.Transaction.TxId])]));
        }

        long channels = 0;
        foreach (var channel in position.Channels)
        {
            // A funding of ours begins to count when the wallet has it; until then nothing has left.
            if (!channel.IsOpener || standing.Contains(channel.Funding.TxId))
                channels = checked(channels + Count(channel));
        }

        return new WalletFacts(_entries.ToImmutable(), _attempts.ToImmutable(), _transfers.ToImmutable(), channels, _problems.ToImmutable());
    }

    private IEnumerable<(AccountKind Account, long Amount)> LinesOf(BookedTransaction booked, IEnumerable<ChannelPosition> fundings)
    {
        var (attempts, closes) = (0L, 0L);
        var isClaim = false;
        foreach (var output in booked.Received)
        {
            var amount = output.Output.Value.ToMilliSatoshis().Value;
            if (IsOfAttempt(output))
            {
                _attempts[output.OutPoint.ToString()] = amount;
                attempts += amount;
            }
            else if (string.Equals(output.Label, CloseLabel, StringComparison.Ordinal))
            {
                closes += amount;
                _swept[output.Output.ScriptPubKey] = _swept.GetValueOrDefault(output.Output.ScriptPubKey) + amount;
            }

            isClaim |= string.Equals(output.Label, ClaimChangeLabel, StringComparison.Ordinal);
        }

        // A channel that is over gives back what was in it.
        yield return (AccountKind.OnChain, closes);
        yield return (AccountKind.LightningChannels, -closes);

        var transaction = booked.Transaction;
        var rest = transaction.Net.ToMilliSatoshis().Value - attempts - closes;
        if (IsTransfer(transaction, rest))
            yield break;

        yield return (AccountKind.OnChain, rest);
        var fee = transaction.Sent > Satoshis.Zero ? FeeOf(transaction, isClaim || closes > 0, rest) : 0;
        if (fee is null)
        {
            _problems.Add($"Transaction {transaction.TxId} takes {-rest} msat from the wallet, and nothing here made it: the wallet's words may be known to somebody else, or used by another program.");
            fee = 0;
        }

        yield return (AccountKind.NetworkFees, fee.Value);
        var owner = -rest - fee.Value;
        foreach (var channel in fundings)
        {
            yield return (AccountKind.LightningChannels, channel.Opened.Value);
            owner -= channel.Opened.Value;
        }

        yield return (AccountKind.OperatorFunds, owner);
    }

    // The refund or payout posts it.
    private bool IsTransfer(Bitcoin.Wallets.WalletTransaction transaction, long rest)
    {
        if (transaction.Label is not { } label || !label.StartsWith(OnChainPayer.LabelPrefix, StringComparison.Ordinal) || transaction.Sent <= Satoshis.Zero)
            return false;
        _transfers[label[OnChainPayer.LabelPrefix.Length..]] = -rest;
        return true;
    }

    private IEnumerable<(AccountKind Account, long Amount)> WatchedLinesOf(BookedTransaction booked)
    {
        var rest = booked.Transaction.Net.ToMilliSatoshis().Value;
        foreach (var output in booked.Received.Where(IsOfAttempt))
        {
            var amount = output.Output.Value.ToMilliSatoshis().Value;
            _attempts[output.OutPoint.ToString()] = amount;
            rest -= amount;
        }

        if (IsTransfer(booked.Transaction, rest))
            yield break;
        yield return (AccountKind.OnChain, rest);
        yield return (AccountKind.OperatorFunds, -rest);
    }

    // Null for a spend that is neither the wallet's own nor a channel's claim.
    private static long? FeeOf(Bitcoin.Wallets.WalletTransaction transaction, bool isClaim, long rest)
    {
        if (transaction.IsOwn)
            return transaction.Fee?.ToMilliSatoshis().Value ?? 0;
        return isClaim ? Math.Max(0, -rest) : null;
    }

    private bool IsOfAttempt(BookedOutput output) =>
        !output.IsChange
        && (output.Label is null || output.Label.StartsWith(OnChainRail.LabelPrefix, StringComparison.Ordinal))
        && Address.TryFromScript(output.Output.ScriptPubKey, network, out var address)
        && isAttempt(address.ToString());

    private long Count(ChannelPosition channel)
    {
        var subject = "channel:" + channel.Id;
        if (!channel.IsOpener)
            _entries.Add(new OperatorEntry(subject, [(AccountKind.LightningChannels, channel.Opened.Value), (AccountKind.OperatorFunds, -channel.Opened.Value)]));
        if (!channel.IsOver)
            return channel.Ours.Value;

        // What does not come back when nothing is left to claim has paid for the transactions.
        var left = channel.Ours.Value - _swept.GetValueOrDefault(channel.CloseScript);
        if (!channel.IsClaimed)
            return left;
        _entries.Add(new OperatorEntry(subject + ":end", [(AccountKind.LightningChannels, -left), (left >= 0 ? AccountKind.NetworkFees : AccountKind.OperatorFunds, left)]));
        return 0;
    }
}
