using Tributary.Payments.Intents;

namespace Tributary.Payments.Refunds;

/// <summary>What of one receipt can still go back.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Attempt">Where it came.</param>
/// <param name="Counted">Of what counted for the intent, in its minor units.</param>
/// <param name="Credited">Of what the merchant was credited with, in the receipt's asset.</param>
/// <param name="Excess">Of what was the shopper's from the beginning, in the receipt's asset.</param>
public readonly record struct RefundRoom(PaymentReceipt Receipt, PaymentAttempt Attempt, long Counted, long Credited, long Excess)
{
    /// <summary>The room of every settled receipt, in the order in which the money came.</summary>
    public static List<RefundRoom> Of(PaymentFile file)
    {
        var rooms = new List<RefundRoom>(file.Receipts.Length);
        foreach (var receipt in file.Receipts)
        {
            if (receipt.Status != ReceiptStatus.Settled)
                continue;
            long counted = receipt.Counted.MinorUnits, credited = receipt.Credited, excess = checked(receipt.Amount - receipt.Credited);
            foreach (var refund in file.Refunds)
            {
                if (!refund.TakesMoney)
                    continue;
                foreach (var part in refund.Parts.Where(part => string.Equals(part.Receipt, receipt.Reference, StringComparison.Ordinal)))
                {
                    if (refund.IsExcess)
                    {
                        excess = checked(excess - part.Amount);
                    }
                    else
                    {
                        counted = checked(counted - part.Counted);
                        credited = checked(credited - part.Amount);
                    }
                }
            }

            foreach (var dispute in file.Disputes)
            {
                if (!dispute.TakesMoney || !string.Equals(dispute.Receipt, receipt.Reference, StringComparison.Ordinal))
                    continue;
                counted = checked(counted - dispute.Amount.MinorUnits);
                credited = checked(credited - dispute.Amount.MinorUnits);
            }

            var attempt = file.FindAttempt(receipt.AttemptId) ?? throw new InvalidOperationException($"Receipt {receipt.Reference} belongs to no attempt.");
            rooms.Add(new RefundRoom(receipt, attempt, counted, credited, excess));
        }

        return rooms;
    }
}
