namespace Tributary.Payments.Rails;

/// <summary>How an outgoing transfer stands.</summary>
public abstract record OutgoingReport
{
    private OutgoingReport()
    {
    }

    /// <summary>It arrived, or cannot be held up any more.</summary>
    /// <param name="Reference">The rail's name for it: a payment hash, a transaction id.</param>
    /// <param name="Proof">What shows it: a preimage; null where the reference does.</param>
    /// <param name="Fee">Spent on fees, in the rail's asset.</param>
    public sealed record Sent(string Reference, string? Proof, long Fee) : OutgoingReport
    {
        /// <summary>When to ask once more, on a rail whose money can come back after it arrived; null where it cannot.</summary>
        public DateTimeOffset? AskAgainAt { get; init; }
    }

    /// <summary>It will never be paid by this transfer: another way may be tried.</summary>
    /// <param name="Code">A stable word for programs.</param>
    /// <param name="Message">For the merchant.</param>
    public sealed record Failed(string Code, string Message) : OutgoingReport;

    /// <summary>Under way, or nobody knows: ask again later, with the same transfer and no other.</summary>
    /// <param name="Reference">The rail's name where there is one already.</param>
    public sealed record Pending(string? Reference) : OutgoingReport
    {
        /// <summary>Somebody has to sign it first.</summary>
        public bool AwaitsSignature { get; init; }
    }
}
