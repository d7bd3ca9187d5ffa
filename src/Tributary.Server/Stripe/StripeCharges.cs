using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Intents;

namespace Tributary.Server.Stripe;

/// <summary>
/// A charge in Stripe's form: what was taken for an intent, by however many payments. There is one for an intent that money came for, or whose
/// payment method was declined.
/// </summary>
internal static class StripeCharges
{
    /// <summary>Is there something to call a charge?</summary>
    public static bool IsOne(PaymentFile file) =>
        file.Receipts.Any(static receipt => receipt.Status is ReceiptStatus.Settled or ReceiptStatus.Held or ReceiptStatus.Seen)
        || file.Attempts.Any(static attempt => attempt is { Rail: RailKind.Card, Status: AttemptStatus.Failed });

    /// <summary>The intent of a charge's name.</summary>
    public static string IntentIdOf(string chargeId) => chargeId.StartsWith("ch_", StringComparison.Ordinal) ? "pi_" + chargeId[3..] : chargeId;

    public static void Write(Utf8JsonWriter writer, PaymentFile file, string? origin)
    {
        var intent = file.Intent;
        var isTaken = intent.AmountReceived.MinorUnits > 0;
        var isHeld = intent.AmountCapturable.MinorUnits > 0;
        var refunded = file.Refunds.Where(static refund => refund is { TakesMoney: true, IsExcess: false }).Sum(static refund => refund.Amount.MinorUnits);
        var attempt = AttemptOf(file);
        var isFailed = !isTaken && !isHeld && attempt?.Status == AttemptStatus.Failed;
        writer.WriteStartObject();
        writer.WriteString("id", intent.ChargeId);
        writer.WriteString("object", "charge");
        writer.WriteNumber("amount", intent.Amount.MinorUnits);
        writer.WriteNumber("amount_captured", intent.AmountReceived.MinorUnits);
        writer.WriteNumber("amount_refunded", refunded);
        writer.Nulls("application", "application_fee", "application_fee_amount", "balance_transaction");
        StripePaymentMethods.BillingDetails(writer);
        writer.WriteNull("calculated_statement_descriptor");
        writer.WriteBoolean("captured", isTaken);
        writer.WriteNumber("created", (attempt?.CreatedAt ?? intent.CreatedAt).ToUnixTimeSeconds());
        writer.WriteString("currency", intent.Amount.Currency.Code);
        writer.Text("customer", intent.CustomerId);
        writer.Text("description", intent.Description);
        writer.WriteBoolean("disputed", file.Disputes.Length > 0);
        writer.WriteNull("failure_balance_transaction");
        writer.Text("failure_code", isFailed ? attempt!.FailureCode : null);
        writer.Text("failure_message", isFailed ? intent.LastError?.Message : null);
        writer.WriteStartObject("fraud_details");
        writer.WriteEndObject();
        writer.WriteBoolean("livemode", intent.IsLive);
        writer.Metadata(intent.Metadata);
        writer.WriteNull("on_behalf_of");
        if (attempt is null)
        {
            writer.WriteNull("outcome");
        }
        else
        {
            writer.WritePropertyName("outcome");
            StripeOutcome.Write(writer, attempt);
        }

        writer.WriteBoolean("paid", isTaken || isHeld);
        writer.WriteString("payment_intent", intent.Id);
        writer.Text("payment_method", attempt is null ? null : StripePaymentMethods.IdOf(attempt));
        Details(writer, file, attempt);
        writer.Text("receipt_email", intent.ReceiptEmail);
        writer.WriteNull("receipt_number");
        writer.Text("receipt_url", isTaken && origin is not null ? $"{origin}/i/{intent.Id}/receipt" : null);
        writer.WriteBoolean("refunded", isTaken && refunded == intent.AmountReceived.MinorUnits);
        writer.Text("review", intent.ReviewId);
        StripeIntents.Shipping(writer, intent.Shipping);
        writer.Nulls("source", "source_transfer");
        writer.Text("statement_descriptor", intent.StatementDescriptor);
        writer.WriteNull("statement_descriptor_suffix");
        writer.WriteString("status", isFailed ? "failed" : isTaken || isHeld ? "succeeded" : "pending");
        writer.Nulls("transfer_data", "transfer_group");
        writer.WriteEndObject();
    }

    // The payment that the charge is shown as: the first that brought money, or the last that failed.
    private static PaymentAttempt? AttemptOf(PaymentFile file) =>
        file.Receipts.FirstOrDefault(static receipt => receipt.Status is ReceiptStatus.Settled or ReceiptStatus.Held) is { } receipt
            ? file.FindAttempt(receipt.AttemptId)
            : file.Attempts.LastOrDefault(static attempt => attempt.Status == AttemptStatus.Failed) ?? file.Attempts.LastOrDefault();

    private static void Details(Utf8JsonWriter writer, PaymentFile file, PaymentAttempt? attempt)
    {
        if (attempt is null)
        {
            writer.WriteNull("payment_method_details");
            return;
        }

        var type = StripeWords.Of(attempt.Rail);
        writer.WriteStartObject("payment_method_details");
        writer.WritePropertyName(type);
        if (attempt.Rail == RailKind.Card)
        {
            StripePaymentMethods.Card(writer, attempt.CardLastFour, isSaved: false);
        }
        else
        {
            var received = file.Receipts.Where(receipt => string.Equals(receipt.AttemptId, attempt.Id, StringComparison.Ordinal)).ToList();
            writer.WriteStartObject();
            writer.WriteString("amount_msat", received.Sum(static receipt => receipt.Amount).ToString(CultureInfo.InvariantCulture));
            writer.WriteStartArray("references");
            foreach (var receipt in received)
                writer.WriteStringValue(receipt.Reference);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteString("type", type);
        writer.WriteEndObject();
    }
}
