using Tributary.Payments.Intents;

namespace Tributary.Payments.Rails;

/// <summary>What a rail says about an attempt.</summary>
public abstract record RailReport(string AttemptReference)
{
    /// <summary>Money, and how it stands.</summary>
    /// <param name="AttemptReference">The attempt's <see cref="PaymentAttempt.Reference"/>.</param>
    /// <param name="Reference">The rail's name for the money.</param>
    /// <param name="Status">How it stands.</param>
    /// <param name="Amount">In the attempt's asset.</param>
    /// <param name="CaptureBefore">For a hold: when it goes back unless it is taken.</param>
    public sealed record Money(string AttemptReference, string Reference, ReceiptStatus Status, long Amount, DateTimeOffset? CaptureBefore) : RailReport(AttemptReference);

    /// <summary>The shopper's bank takes settled money back and asks why it should not.</summary>
    /// <param name="AttemptReference">The attempt's <see cref="PaymentAttempt.Reference"/>.</param>
    /// <param name="Reference">The rail's name for the money.</param>
    /// <param name="DisputeId">The rail's name for the dispute: told twice it is one.</param>
    /// <param name="Reason">In Stripe's words.</param>
    public sealed record Disputed(string AttemptReference, string Reference, string DisputeId, string Reason) : RailReport(AttemptReference);

    /// <summary>The rail refuses for good.</summary>
    /// <param name="AttemptReference">The attempt's <see cref="PaymentAttempt.Reference"/>.</param>
    /// <param name="Code">In Stripe's words.</param>
    /// <param name="DeclineCode">The processor's word.</param>
    /// <param name="Message">For the shopper.</param>
    public sealed record Refused(string AttemptReference, string Code, string? DeclineCode, string Message) : RailReport(AttemptReference);
}
