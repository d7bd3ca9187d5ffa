using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain;

/// <summary>A change of the mempool.</summary>
public abstract record MempoolEvent
{
    private MempoolEvent()
    {
    }

    /// <summary>A transaction is in the mempool.</summary>
    public sealed record Entered(Transaction Transaction) : MempoolEvent;

    /// <summary>A transaction left the mempool and is in no block that the source knows: replaced, in conflict with a block, expired or evicted.</summary>
    public sealed record Left(TxId TxId) : MempoolEvent;
}
