using Tributary.Payments.Intents;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Invoices;

/// <summary>Says what a change of a payment means to its invoice, in the transaction of the change: nothing is told that did not happen, nothing is left out.</summary>
public sealed class InvoiceFollower(InvoiceStore store) : IPaymentObserver
{
    public async ValueTask ChangedAsync(ISqlTransaction transaction, PaymentFile before, PaymentFile after, CancellationToken cancellationToken)
    {
        if (after.Intent.InvoiceId is not { } id || await InvoiceStore.FindRowAsync(transaction, id, cancellationToken) is not { } invoice)
            return;
        var was = new InvoiceFile(invoice, before);
        var now = new InvoiceFile(invoice, after);
        var told = Differences(was, now);
        if (told.Count > 0 || was.Status != now.Status)
            await store.FollowAsync(transaction, now, told, cancellationToken);
    }

    /// <summary>What is told when one becomes the other, in order.</summary>
    public static List<InvoiceStore.Told> Differences(InvoiceFile was, InvoiceFile now)
    {
        var told = new List<InvoiceStore.Told>();
        foreach (var receipt in now.Here)
        {
            if (was.Payment.FindReceipt(receipt.Reference) is not { Status: ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled })
                told.Add(new InvoiceStore.Told(InvoiceEventKinds.ReceivedPayment, receipt.Reference));
        }

        // A payment that settles at once was under way for no time: shops that wait for both words get both. A person's word is no payment.
        var isPaid = now.Status is InvoiceStatus.Processing or InvoiceStatus.Settled && was.Status is not (InvoiceStatus.Processing or InvoiceStatus.Settled);
        if ((isPaid && now.Invoice.Mark is null) || (now.Status == InvoiceStatus.Processing && was.Status == InvoiceStatus.Settled))
            told.Add(new InvoiceStore.Told(InvoiceEventKinds.Processing, null));
        foreach (var receipt in now.Payment.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Settled))
        {
            if (was.Payment.FindReceipt(receipt.Reference) is not { Status: ReceiptStatus.Settled })
                told.Add(new InvoiceStore.Told(InvoiceEventKinds.PaymentSettled, receipt.Reference));
        }

        if (now.Status == was.Status)
            return told;
        var kind = now.Status switch
        {
            InvoiceStatus.Settled => InvoiceEventKinds.Settled,
            InvoiceStatus.Expired => InvoiceEventKinds.Expired,
            InvoiceStatus.Invalid => InvoiceEventKinds.Invalid,
            _ => null,
        };
        if (kind is not null)
            told.Add(new InvoiceStore.Told(kind, null));
        return told;
    }
}
