using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tributary.Payments.Disputes;
using Tributary.Payments.Money;
using Tributary.Payments.Refunds;

namespace Tributary.Payments.Intents;

/// <summary>An intent with everything that was tried and received for it: what is read, decided on and written together.</summary>
public sealed record PaymentFile(PaymentIntent Intent, ImmutableArray<PaymentAttempt> Attempts, ImmutableArray<PaymentReceipt> Receipts)
{
    private readonly ImmutableArray<Refund> _refunds = [];
    private readonly ImmutableArray<Dispute> _disputes = [];

    /// <summary>Money of it that went back, or is to. Files from before there were refunds have none.</summary>
    public ImmutableArray<Refund> Refunds
    {
        get => _refunds;
        init => _refunds = value.IsDefault ? [] : value;
    }

    /// <summary>What banks dispute of it. Files from before there were disputes have none.</summary>
    public ImmutableArray<Dispute> Disputes
    {
        get => _disputes;
        init => _disputes = value.IsDefault ? [] : value;
    }

    /// <summary>What unconfirmed or held money is worth, in the intent's currency.</summary>
    public CurrencyAmount ValueOf(ReceiptStatus status) => Sum(
        Receipts.Where(receipt => receipt.Status == status).Select(static receipt => receipt.Value));

    /// <summary>What settled and counts.</summary>
    [JsonIgnore]
    public CurrencyAmount Settled => Sum(
        Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Settled).Select(static receipt => receipt.Counted));

    /// <summary>Everything that has come so far, final or not.</summary>
    [JsonIgnore]
    public CurrencyAmount Covered => Settled + ValueOf(ReceiptStatus.Held) + ValueOf(ReceiptStatus.Seen);

    /// <summary>What is still to be paid.</summary>
    [JsonIgnore]
    public CurrencyAmount Rest => Intent.Amount with { MinorUnits = Math.Max(0, Intent.Amount.MinorUnits - Covered.MinorUnits) };

    /// <summary>A top-up to which nothing has come that is here and worth something: any amount pays it.</summary>
    [JsonIgnore]
    public bool AwaitsAmount => Intent.IsTopUp && Intent.Amount.MinorUnits == 0;

    /// <summary>Can something still be paid, as far as the money goes?</summary>
    [JsonIgnore]
    public bool IsOwed => AwaitsAmount || Rest.MinorUnits > 0;

    /// <summary>The attempt for which the payer has to be seen first, where that is what was offered last; null otherwise.</summary>
    public PaymentAttempt? AwaitingPayer => Attempts.LastOrDefault(static attempt => attempt.Status == AttemptStatus.Open) is { AwaitsPayer: true } open ? open : null;

    public PaymentAttempt? FindAttempt(string id) => Attempts.FirstOrDefault(attempt => string.Equals(attempt.Id, id, StringComparison.Ordinal));

    public Refund? FindRefund(string id) => Refunds.FirstOrDefault(refund => string.Equals(refund.Id, id, StringComparison.Ordinal));

    public Dispute? FindDispute(string id) => Disputes.FirstOrDefault(dispute => string.Equals(dispute.Id, id, StringComparison.Ordinal));

    public PaymentReceipt? FindReceipt(string reference) =>
        Receipts.FirstOrDefault(receipt => string.Equals(receipt.Reference, reference, StringComparison.Ordinal));

    private CurrencyAmount Sum(IEnumerable<CurrencyAmount> amounts) =>
        amounts.Aggregate(new CurrencyAmount(0, Intent.Amount.Currency), static (sum, amount) => sum + amount);
}
