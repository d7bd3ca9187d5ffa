using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>
/// A commitment in numbers: what the next one will say when everything that is under way is counted in. Kept up to date by each update, so that a
/// limit is checked in constant time and a commitment needs no pass over the updates.
/// </summary>
internal struct CommitmentProjection
{
    internal MilliSatoshis Ours;
    internal MilliSatoshis Theirs;
    internal FeeratePerKw Feerate;
    internal int OfferedCount;
    internal int ReceivedCount;
    internal MilliSatoshis OfferedTotal;
    internal MilliSatoshis ReceivedTotal;

    /// <summary>HTLCs with an output.</summary>
    internal int Untrimmed;

    /// <summary>What HTLCs that are dust, or may become so, add up to.</summary>
    internal MilliSatoshis Dust;

    internal void Add(in TrimRules rules, ChannelHtlc htlc)
    {
        if (htlc.IsOurs)
            Ours -= htlc.Amount;
        else
            Theirs -= htlc.Amount;
        Count(rules, htlc);
    }

    internal void Remove(in TrimRules rules, ChannelHtlc htlc, HtlcOutcome outcome)
    {
        if (htlc.IsOurs == outcome is HtlcOutcome.Fulfilled)
            Theirs += htlc.Amount;
        else
            Ours += htlc.Amount;
        if (htlc.IsOurs)
        {
            OfferedCount--;
            OfferedTotal -= htlc.Amount;
        }
        else
        {
            ReceivedCount--;
            ReceivedTotal -= htlc.Amount;
        }

        if (!rules.IsTrimmed(htlc, Feerate))
            Untrimmed--;
        if (rules.IsDust(htlc.IsOurs, htlc.Amount, Feerate))
            Dust -= htlc.Amount;
    }

    /// <summary>Counts an HTLC whose amount the balances no longer hold.</summary>
    internal void Count(in TrimRules rules, ChannelHtlc htlc)
    {
        if (htlc.IsOurs)
        {
            OfferedCount++;
            OfferedTotal += htlc.Amount;
        }
        else
        {
            ReceivedCount++;
            ReceivedTotal += htlc.Amount;
        }

        if (!rules.IsTrimmed(htlc, Feerate))
            Untrimmed++;
        if (rules.IsDust(htlc.IsOurs, htlc.Amount, Feerate))
            Dust += htlc.Amount;
    }

    /// <summary>The same balances without any HTLC counted: to count them anew under another feerate.</summary>
    internal readonly CommitmentProjection Uncounted(FeeratePerKw feerate) => new() { Ours = Ours, Theirs = Theirs, Feerate = feerate };
}
