using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.Invoices;

/// <summary>An invoice with the payment that it is a view of.</summary>
public sealed record InvoiceFile(Invoice Invoice, PaymentFile Payment)
{
    /// <summary>Where it stands: what a person said, or what the payment says (docs/states.md).</summary>
    public InvoiceStatus Status => Invoice.Mark switch
    {
        InvoiceMark.Settled => InvoiceStatus.Settled,
        InvoiceMark.Invalid => InvoiceStatus.Invalid,
        _ => Payment.Intent.Status switch
        {
            IntentStatus.Processing or IntentStatus.RequiresCapture => InvoiceStatus.Processing,
            IntentStatus.Succeeded => InvoiceStatus.Settled,
            IntentStatus.Canceled => IsOverByTime ? InvoiceStatus.Expired : InvoiceStatus.Invalid,
            _ => InvoiceStatus.New,
        },
    };

    public InvoiceAdditionalStatus AdditionalStatus
    {
        get
        {
            if (Invoice.Mark is not null)
                return InvoiceAdditionalStatus.Marked;
            switch (Status)
            {
                case InvoiceStatus.New:
                    return Payment.Covered.MinorUnits > 0 ? InvoiceAdditionalStatus.PaidPartial : InvoiceAdditionalStatus.None;
                case InvoiceStatus.Processing:
                    return IsOverPaid ? InvoiceAdditionalStatus.PaidOver : InvoiceAdditionalStatus.None;
                case InvoiceStatus.Settled:
                    return IsOverPaid ? InvoiceAdditionalStatus.PaidOver : IsPaidLate ? InvoiceAdditionalStatus.PaidLate : InvoiceAdditionalStatus.None;
                case InvoiceStatus.Expired:
                    var came = Here.Sum(static receipt => receipt.Value.MinorUnits);
                    return came == 0 ? InvoiceAdditionalStatus.None : came >= Payment.Intent.Enough.MinorUnits ? InvoiceAdditionalStatus.PaidLate : InvoiceAdditionalStatus.PaidPartial;
                default:
                    return InvoiceAdditionalStatus.Marked;
            }
        }
    }

    /// <summary>More came than was asked for.</summary>
    public bool IsOverPaid => Here.Any(static receipt => receipt.Amount > receipt.Claim) || Here.Sum(static receipt => receipt.Value.MinorUnits) > Payment.Intent.Amount.MinorUnits;

    /// <summary>Everything that came and is not gone, in the invoice's currency, at the rates that it was offered at; excess counts.</summary>
    public CurrencyAmount Paid
    {
        get
        {
            var sum = Payment.Intent.Amount with { MinorUnits = 0 };
            foreach (var receipt in Here)
            {
                var quote = Payment.FindAttempt(receipt.AttemptId)?.Quote;
                sum += quote is null || receipt.Amount <= receipt.Claim ? receipt.Value : receipt.Value + quote.Price.FromBitcoin(new(receipt.Amount - receipt.Claim));
            }

            return sum;
        }
    }

    /// <summary>Money that came and is not gone.</summary>
    public IEnumerable<PaymentReceipt> Here => Payment.Receipts.Where(static receipt => receipt.Status is ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled);

    /// <summary>Did this money come when the invoice's time was over?</summary>
    public bool IsAfterExpiration(PaymentReceipt receipt) => receipt.FirstSeenAt >= Invoice.ExpiresAt;

    private bool IsOverByTime => Payment.Intent.CancellationReason is CancellationReason.Expired or CancellationReason.Automatic;

    private bool IsPaidLate => Here.Any(receipt => receipt.Counted.MinorUnits > 0 && Payment.FindAttempt(receipt.AttemptId) is { Quote: { } quote } && !quote.HoldsAt(receipt.FirstSeenAt));
}
