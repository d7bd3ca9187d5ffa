using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Payments.Quotes;
using Tributary.Server.Checkout;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Invoices;

/// <summary>One way to pay an invoice, with what came by it. Bitcoin is counted in millisatoshis here and written as decimals of a bitcoin.</summary>
internal sealed record InvoiceMethod
{
    private const int BitcoinDecimals = 8;

    public required RailKind Rail { get; init; }

    /// <summary>What can be paid now; null where nothing can.</summary>
    public required PaymentAttempt? Offer { get; init; }

    /// <summary>What one bitcoin costs here, as text; null where nobody knows.</summary>
    public required string? Rate { get; init; }

    /// <summary>The whole invoice, in millisatoshis.</summary>
    public required long Amount { get; init; }

    /// <summary>What came by this way.</summary>
    public required long Paid { get; init; }

    /// <summary>What came by all ways.</summary>
    public required long TotalPaid { get; init; }

    public required ImmutableArray<(PaymentReceipt Receipt, PaymentAttempt Attempt)> Payments { get; init; }

    /// <summary>A way to pay, with the offer of the moment and the rate that it holds, or the last one held.</summary>
    public static InvoiceMethod Of(InvoiceFile file, RailKind rail, Quoter quoter, DateTimeOffset now)
    {
        var payment = file.Payment;
        var offer = CheckoutOffers.Current(payment, rail, now);
        var price = (offer ?? payment.Attempts.LastOrDefault(attempt => attempt.Rail == rail && attempt.Quote is not null))?.Quote?.Price
            ?? quoter.PriceNow(payment.Intent.Amount.Currency, payment.Intent.Terms?.SpreadBasisPoints ?? 0);
        var received = payment.Receipts.Select(receipt => (receipt, payment.FindAttempt(receipt.AttemptId)!)).Where(pair => pair.Item2.Rail == rail);
        return new InvoiceMethod
        {
            Rail = rail,
            Offer = offer,
            Rate = price is { } known ? GreenfieldAmounts.Rate(known) : null,
            Amount = price?.ToBitcoin(payment.Intent.Amount).Value ?? 0,
            Paid = file.Here.Where(receipt => payment.FindAttempt(receipt.AttemptId)!.Rail == rail).Sum(static receipt => receipt.Amount),
            TotalPaid = file.Here.Sum(static receipt => receipt.Amount),
            Payments = [.. received],
        };
    }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="withGone">Payments that were replaced or given back too.</param>
    public void Write(Utf8JsonWriter writer, bool withGone)
    {
        var id = MethodIds.Of(Rail)!;
        writer.WriteStartObject();
        writer.WriteString("paymentMethodId", id);

        // What it was called before 2.0; shop plugins still read it.
        writer.WriteString("paymentMethod", id);
        writer.WriteString("currency", "BTC");
        writer.WriteString("cryptoCode", "BTC");
        writer.WriteString("destination", Offer?.Instruction ?? "");
        writer.Text("paymentLink", Link());
        writer.WriteString("rate", Rate ?? "0");
        writer.Bitcoin("paymentMethodPaid", Paid);
        writer.Bitcoin("totalPaid", TotalPaid);
        writer.Bitcoin("due", Offer?.Due ?? Math.Max(0, Amount - TotalPaid));
        writer.Bitcoin("amount", Amount);
        writer.WriteString("paymentMethodFee", "0");
        writer.WriteString("networkFee", "0");
        writer.WriteBoolean("activated", Offer is not null || Payments.Length > 0);
        writer.WriteStartArray("payments");
        foreach (var (receipt, attempt) in Payments)
        {
            if (withGone || receipt.Status is ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled)
                WritePayment(writer, receipt, attempt);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("additionalData");
        if (Rail == RailKind.Lightning && Offer is not null)
            writer.WriteString("paymentHash", Offer.Reference);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes one payment.</summary>
    public static void WritePayment(Utf8JsonWriter writer, PaymentReceipt receipt, PaymentAttempt attempt)
    {
        writer.WriteStartObject();

        // Clients cut a name at its first hyphen to get the transaction: outpoints have the transaction first.
        writer.WriteString("id", receipt.Reference.Replace(':', '-'));
        writer.Time("receivedDate", receipt.FirstSeenAt);
        writer.Bitcoin("value", receipt.Amount);
        writer.WriteString("fee", "0");
        writer.WriteString("status", receipt.Status switch { ReceiptStatus.Settled => "Settled", ReceiptStatus.Seen or ReceiptStatus.Held => "Processing", _ => "Invalid" });
        writer.WriteString("destination", attempt.Instruction ?? attempt.Reference);
        writer.WriteEndObject();
    }

    private string? Link() => Offer switch
    {
        null => null,
        { Rail: RailKind.Lightning } lightning => "lightning:" + lightning.Instruction,
        { Due: 0 } any => "bitcoin:" + any.Instruction,
        { } chain => $"bitcoin:{chain.Instruction}?amount={GreenfieldAmounts.Text((chain.Due + 999) / 1000, BitcoinDecimals)}",
    };
}
