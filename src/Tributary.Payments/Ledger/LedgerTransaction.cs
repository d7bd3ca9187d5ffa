using System.Collections.Immutable;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Ledger;

/// <summary>
/// Lines that balance: for each asset debits equal credits. Transactions are never changed; a correction is another one.
/// </summary>
public sealed record LedgerTransaction
{
    private LedgerTransaction(string reason, string reference, ImmutableArray<LedgerPosting> postings)
    {
        Reason = reason;
        Reference = reference;
        Postings = postings;
    }

    /// <summary>What happened ("payment_settled").</summary>
    public string Reason { get; }

    /// <summary>The object that it happened to (an attempt, a refund).</summary>
    public string Reference { get; }

    public ImmutableArray<LedgerPosting> Postings { get; }

    /// <summary>Checks that the lines balance; lines of nothing are dropped.</summary>
    /// <exception cref="InvalidOperationException">They do not balance, or nothing is left: a bug, and nothing may be written.</exception>
    public static LedgerTransaction Create(string reason, string reference, params ReadOnlySpan<LedgerPosting> postings)
    {
        var kept = ImmutableArray.CreateBuilder<LedgerPosting>(postings.Length);
        var sums = new Dictionary<Asset, Int128>();
        foreach (var posting in postings)
        {
            if (posting.Amount == 0)
                continue;
            kept.Add(posting);
            sums[posting.Asset] = sums.GetValueOrDefault(posting.Asset) + posting.Amount;
        }

        if (kept.Count == 0)
            throw new InvalidOperationException($"A ledger transaction ({reason}) without lines.");
        foreach (var (asset, sum) in sums)
        {
            if (sum != 0)
                throw new InvalidOperationException($"A ledger transaction ({reason}) is off by {sum} {asset}.");
        }

        return new LedgerTransaction(reason, reference, kept.DrainToImmutable());
    }

    /// <summary>Moves bitcoin from one account to another.</summary>
    public static LedgerTransaction Move(string reason, string reference, AccountKind debited, AccountKind credited, MilliSatoshis amount) =>
        Move(reason, reference, debited, credited, Asset.Bitcoin, amount.Value);

    /// <summary>Debits one account and credits another with the same amount.</summary>
    public static LedgerTransaction Move(string reason, string reference, AccountKind debited, AccountKind credited, Asset asset, long amount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        return Create(reason, reference, new LedgerPosting(debited, asset, amount), new LedgerPosting(credited, asset, -amount));
    }

    /// <summary>The transaction that takes this one back.</summary>
    public LedgerTransaction Reverse(string reason)
    {
        var reversed = Postings.Select(static posting => posting with { Amount = checked(-posting.Amount) }).ToArray();
        return Create(reason, Reference, reversed);
    }
}
