using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Gossip;

/// <summary>What the chain says of an announced channel.</summary>
public abstract record FundingAnswer
{
    private FundingAnswer()
    {
    }

    /// <summary>An unspent output of the two keys is there, at least six blocks deep.</summary>
    public sealed record Found(Satoshis Value) : FundingAnswer;

    /// <summary>There is no such output, or it is spent, or it is of other keys.</summary>
    public sealed record Absent : FundingAnswer;

    /// <summary>Not to be told now (not synced, not deep enough): the channel is forgotten and may be announced again.</summary>
    public sealed record Unknown : FundingAnswer;
}
