using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Refunds;

namespace Tributary.Server.Stripe;

/// <summary>A refund in Stripe's form.</summary>
internal static class StripeRefunds
{
    /// <summary>The path of the page on which a shopper claims a refund.</summary>
    public static string? ClaimPath(Refund refund) =>
        refund is { Status: RefundStatus.RequiresAction, ClaimToken: { } token } ? $"/r/{token}" : null;

    public static StripeAnswer Answer(RefundView view, string? origin) => StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, view, origin));

    /// <param name="writer">Where to.</param>
    /// <param name="view">The refund.</param>
    /// <param name="origin">How the asker names this server, for links; null in events, which carry paths.</param>
    public static void Write(Utf8JsonWriter writer, RefundView view, string? origin)
    {
        var (file, refund) = view;
        writer.WriteStartObject();
        writer.WriteString("id", refund.Id);
        writer.WriteString("object", "refund");
        writer.WriteNumber("amount", refund.Amount.MinorUnits);
        writer.WriteNull("balance_transaction");
        writer.WriteString("charge", file.Intent.ChargeId);
        writer.WriteNumber("created", refund.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("currency", refund.Amount.Currency.Code);
        writer.Text("customer", file.Intent.CustomerId);
        writer.WriteNull("customer_account");
        Destination(writer, refund);
        if (refund is { Status: RefundStatus.Failed, FailureCode: { } failure })
            writer.WriteString("failure_reason", failure is "expired_or_canceled_card" or "lost_or_stolen_card" or "declined" ? failure : "unknown");
        writer.Metadata(refund.Metadata);
        NextAction(writer, refund, origin);
        writer.WriteString("payment_intent", file.Intent.Id);
        var attempt = file.FindAttempt(file.FindReceipt(refund.Parts[0].Receipt)!.AttemptId)!;
        writer.WriteString("payment_method", StripePaymentMethods.IdOf(attempt));
        var awaitsSignature = refund is { Status: RefundStatus.Pending, LastTransfer.AwaitsSignature: true };
        if (refund.Status is RefundStatus.Pending or RefundStatus.AwaitingApproval && !awaitsSignature)
            writer.WriteString("pending_reason", "processing");
        writer.Text("reason", RefundWords.Of(refund.Reason));
        writer.Nulls("receipt_number", "source_transfer_reversal");
        writer.WriteString("status", RefundWords.Of(awaitsSignature ? RefundStatus.RequiresAction : refund.Status));
        writer.WriteNull("transfer_reversal");
        Extension(writer, refund);
        writer.WriteEndObject();
    }

    private static void Destination(Utf8JsonWriter writer, Refund refund)
    {
        if (refund.LastTransfer is not { } transfer)
            return;
        writer.WriteStartObject("destination_details");
        if (transfer.Rail == RailKind.Card)
        {
            writer.WriteStartObject("card");
            writer.WriteString("type", "refund");
            writer.WriteEndObject();
            writer.WriteString("type", "card");
        }
        else
        {
            writer.WriteStartObject("crypto");
            writer.Text("reference", transfer.Reference);
            writer.WriteEndObject();
            writer.WriteString("type", "crypto");
        }

        writer.WriteEndObject();
    }

    private static void NextAction(Utf8JsonWriter writer, Refund refund, string? origin)
    {
        if (ClaimPath(refund) is not { } path)
            return;
        writer.WriteStartObject("next_action");
        writer.WriteStartObject("display_details");
        writer.WriteStartObject("email_sent");
        writer.WriteNumber("email_sent_at", 0);
        writer.WriteString("email_sent_to", "");
        writer.WriteEndObject();
        writer.WriteNumber("expires_at", refund.ExpiresAt!.Value.ToUnixTimeSeconds());
        writer.WriteString("url", origin + path);
        writer.WriteEndObject();
        writer.WriteString("type", "display_details");
        writer.WriteEndObject();
    }

    private static void Extension(Utf8JsonWriter writer, Refund refund)
    {
        writer.WriteStartObject("tributary");
        writer.WriteString("status", RefundWords.NameOf(refund.Status));
        writer.WriteBoolean("excess", refund.IsExcess);
        writer.WriteString(refund.Asset.Code is "msat" ? "amount_msat" : "amount_minor_units", refund.Gross.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("fee_bearer", refund.FeeBearer == FeeBearer.Shopper ? "shopper" : "merchant");
        if (refund.Rate is { } rate)
        {
            writer.WriteStartObject("rate");
            writer.WriteString("kind", rate.Kind == RefundRateKind.Current ? "current" : "original");
            writer.WriteString("price_per_bitcoin_milli_minor_units", rate.Price.MilliMinorUnits.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("source", rate.Source);
            writer.WriteNumber("at", rate.At.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        if (refund.LastTransfer is { } transfer)
        {
            if (transfer.AwaitsSignature)
                writer.WriteString("psbt", "/v1/psbts/" + transfer.Id);
            writer.WriteStartObject("transfer");
            writer.WriteString("type", StripeWords.Of(transfer.Rail));
            writer.WriteString("destination", transfer.Destination);
            writer.Text("reference", transfer.Reference);
            writer.Text("proof", transfer.Proof);
            writer.WriteString("amount", transfer.Amount.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("fee", transfer.Fee.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("fee_paid_by_shopper", transfer.ShopperFee.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }

        writer.Text("failure_code", refund.FailureCode);
        writer.Text("failure_message", refund.FailureMessage);
        writer.Text("approved_by", refund.ApprovedBy);
        writer.WriteEndObject();
    }
}
