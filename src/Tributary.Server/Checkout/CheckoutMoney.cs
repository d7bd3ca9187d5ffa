using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;

namespace Tributary.Server.Checkout;

/// <summary>One sum that came, for the shopper who asks where it is.</summary>
/// <param name="Rail">By which way.</param>
/// <param name="Asset">What is counted.</param>
/// <param name="Amount">How much.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Own">Of it, what is the shopper's: beyond what was asked, or too late.</param>
/// <param name="At">When it was seen first.</param>
/// <param name="Reference">The rail's name for it: a transaction's output, a payment hash.</param>
/// <param name="Confirmations">On chain, how many it waits for; null on other rails, and where any amount could come: the offer does not know what came.</param>
public sealed record CheckoutMoney(RailKind Rail, Asset Asset, long Amount, ReceiptStatus Status, long Own, DateTimeOffset At, string Reference, int? Confirmations)
{
    public static IEnumerable<CheckoutMoney> Of(PaymentFile file) => file.Receipts
        .OrderBy(static receipt => receipt.FirstSeenAt)
        .Select(receipt => (receipt, Attempt: file.FindAttempt(receipt.AttemptId)!))
        .Select(pair => new CheckoutMoney(
            pair.Attempt.Rail,
            pair.Attempt.Asset,
            pair.receipt.Amount,
            pair.receipt.Status,
            pair.receipt.Status == ReceiptStatus.Settled ? pair.receipt.Amount - pair.receipt.Credited : 0,
            pair.receipt.FirstSeenAt,
            pair.receipt.Reference,
            file.Intent.IsTopUp ? null : pair.Attempt.Confirmations));
}
