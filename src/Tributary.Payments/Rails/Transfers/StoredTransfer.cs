using Tributary.Payments.Intents;

namespace Tributary.Payments.Rails.Transfers;

/// <summary>What a bitcoin rail remembers of an outgoing transfer: written before the network hears of it.</summary>
/// <param name="Id">See <see cref="OutgoingTransfer.Id"/>.</param>
/// <param name="Rail">The rail.</param>
/// <param name="Reference">Payment hash or transaction id; null until there is one.</param>
/// <param name="State">How far it is.</param>
/// <param name="Amount">What the receiver gets, in millisatoshis.</param>
/// <param name="Fee">What it cost on top, in millisatoshis; zero until that is known.</param>
/// <param name="CreatedAt">When the rail first heard of it.</param>
public sealed record StoredTransfer(string Id, RailKind Rail, string? Reference, TransferState State, long Amount, long Fee, DateTimeOffset CreatedAt)
{
    /// <summary>A preimage.</summary>
    public string? Proof { get; init; }

    /// <summary>Why it failed: a word for programs.</summary>
    public string? Code { get; init; }

    /// <summary>Why it failed, for the merchant.</summary>
    public string? Message { get; init; }

    /// <summary>The signed transaction.</summary>
    public byte[]? Content { get; init; }

    /// <summary>What is said of it to those who asked for it.</summary>
    public OutgoingReport Report => State switch
    {
        TransferState.Sent => new OutgoingReport.Sent(Reference!, Proof, Fee),
        TransferState.Failed => new OutgoingReport.Failed(Code!, Message!),
        _ => new OutgoingReport.Pending(Reference),
    };
}
