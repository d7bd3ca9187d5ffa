using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Payouts;

namespace Tributary.Server.Stripe;

/// <summary>A payout in Stripe's form.</summary>
internal static class StripePayouts
{
    public static StripeAnswer Answer(Payout payout) => StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, payout));

    public static void Write(Utf8JsonWriter writer, Payout payout)
    {
        var isCard = payout.Destination.Length == 0;
        writer.WriteStartObject();
        writer.WriteString("id", payout.Id);
        writer.WriteString("object", "payout");
        writer.WriteNumber("amount", payout.Amount.MinorUnits);
        writer.Nulls("application_fee", "application_fee_amount");
        writer.WriteNumber("arrival_date", payout.SendAt.ToUnixTimeSeconds());
        writer.WriteBoolean("automatic", payout.IsAutomatic);
        writer.WriteNull("balance_transaction");
        writer.WriteNumber("created", payout.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("currency", payout.Amount.Currency.Code);
        writer.Text("description", payout.Description);
        writer.Text("destination", isCard ? null : payout.Destination);
        writer.WriteNull("failure_balance_transaction");
        writer.Text("failure_code", payout.FailureCode);
        writer.Text("failure_message", payout.FailureMessage);
        writer.WriteBoolean("livemode", payout.IsLive);
        writer.Metadata(payout.Metadata);
        writer.WriteString("method", isCard ? "standard" : "instant");
        writer.Nulls("original_payout", "payout_method");
        writer.WriteString("reconciliation_status", "not_applicable");
        writer.WriteNull("reversed_by");
        writer.WriteString("source_type", isCard ? "card" : StripeWords.Of(payout.Rail));
        writer.Text("statement_descriptor", payout.StatementDescriptor);
        writer.WriteString("status", PayoutWords.Of(payout.Status));
        writer.WriteNull("trace_id");
        writer.WriteString("type", "bank_account");
        writer.WriteStartObject("tributary");
        writer.WriteString("status", PayoutWords.NameOf(payout.Status));
        writer.WriteString("type", StripeWords.Of(payout.Rail));
        writer.WriteString("amount", payout.Gross.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("asset", payout.Asset.Code);
        writer.WriteString("fee", payout.Fee.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("fee_max", payout.FeeMax.ToString(CultureInfo.InvariantCulture));
        writer.Text("reference", payout.Reference);
        writer.Text("proof", payout.Proof);
        writer.WriteString("created_by", payout.CreatedBy);
        writer.Text("approved_by", payout.ApprovedBy);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
