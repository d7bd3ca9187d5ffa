using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>What happened to a channel on chain. A monitor's state is nothing but these applied in order.</summary>
public abstract record ClaimRecord
{
    private ClaimRecord()
    {
    }

    /// <summary>Our commitment may go out.</summary>
    public sealed record CommitmentReleased(int Height, string Reason) : ClaimRecord;

    /// <summary>A transaction that spends something watched is in a block.</summary>
    public sealed record TransactionConfirmed(int Height, Transaction Transaction) : ClaimRecord;

    /// <summary>The blocks from this height on are gone.</summary>
    public sealed record ChainRewound(int Height) : ClaimRecord;

    /// <summary>A close that was in a block that is gone; only checkpoints have it, where <see cref="ChainRewound"/> is forgotten.</summary>
    public sealed record CloseOrphaned(Transaction Transaction) : ClaimRecord;

    /// <summary>The peer showed a preimage.</summary>
    public sealed record PreimageLearnt(Bytes32 PaymentHash, Bytes32 Preimage) : ClaimRecord;

    /// <summary>A transaction of ours goes out. It takes the place of all that spend one of the same outputs.</summary>
    /// <param name="Claim">The transaction.</param>
    /// <param name="Outputs">The watched outputs that it spends.</param>
    /// <param name="FirstHeight">The tip when these outputs were first claimed together.</param>
    /// <param name="Height">The tip when this transaction was made.</param>
    public sealed record ClaimMade(ClaimTransaction Claim, IReadOnlyList<OutPoint> Outputs, int FirstHeight, int Height) : ClaimRecord;

    /// <summary>The wallet leased coins.</summary>
    public sealed record CoinsGranted(OutPoint Purpose, IReadOnlyList<FeeCoin> Coins, Script ChangeScript) : ClaimRecord;

    /// <summary>They are not needed any more, or gone.</summary>
    public sealed record CoinsReturned(OutPoint Purpose) : ClaimRecord;

    /// <summary>How an HTLC ended was reported.</summary>
    public sealed record HtlcResolved(bool IsOffered, ulong Id, Bytes32 PaymentHash, ChainOutcome Outcome, Bytes32? Preimage) : ClaimRecord;

    /// <summary>Everything is deep.</summary>
    public sealed record Finished(int Height) : ClaimRecord;
}
