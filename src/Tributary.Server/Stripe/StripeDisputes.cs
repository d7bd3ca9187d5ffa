using System.Text.Json;
using Tributary.Payments.Disputes;

namespace Tributary.Server.Stripe;

/// <summary>A dispute in Stripe's form.</summary>
internal static class StripeDisputes
{
    /// <summary>The evidence that a merchant may send, as text.</summary>
    public static readonly string[] EvidenceNames =
    [
        "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
        "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
        "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
        "service_documentation", "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file",
        "uncategorized_text",
    ];

    public static StripeAnswer Answer(DisputeView view) => StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, view));

    public static void Write(Utf8JsonWriter writer, DisputeView view)
    {
        var (file, dispute) = view;
        writer.WriteStartObject();
        writer.WriteString("id", dispute.Id);
        writer.WriteString("object", "dispute");
        writer.WriteNumber("amount", dispute.Amount.MinorUnits);
        writer.WriteStartArray("balance_transactions");
        writer.WriteEndArray();
        writer.WriteString("charge", file.Intent.ChargeId);
        writer.WriteNumber("created", dispute.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("currency", dispute.Amount.Currency.Code);
        writer.WriteStartArray("enhanced_eligibility_types");
        writer.WriteEndArray();
        writer.WriteStartObject("evidence");
        foreach (var name in EvidenceNames)
            writer.Text(name, dispute.Evidence.GetValueOrDefault(name));
        writer.WriteStartObject("enhanced_evidence");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("evidence_details");
        writer.WriteNumber("due_by", dispute.DueBy.ToUnixTimeSeconds());
        writer.WriteStartObject("enhanced_eligibility");
        writer.WriteEndObject();
        writer.WriteBoolean("has_evidence", !dispute.Evidence.IsEmpty);
        writer.WriteBoolean("past_due", dispute is { Status: DisputeStatus.Lost, SubmittedAt: null });
        writer.WriteNumber("submission_count", dispute.SubmittedAt is null ? 0 : 1);
        writer.WriteString("submission_method", dispute.SubmittedAt is null ? "not_submitted" : "manual");
        writer.WriteEndObject();
        writer.WriteNull("intended_submission_method");
        writer.WriteBoolean("is_charge_refundable", dispute.Status == DisputeStatus.Won);
        writer.WriteBoolean("livemode", file.Intent.IsLive);
        writer.Metadata(dispute.Metadata);
        writer.WriteString("payment_intent", file.Intent.Id);
        var brand = Tributary.Payments.Rails.Card.TestCard.FindByLastFour(file.FindAttempt(file.FindReceipt(dispute.Receipt)!.AttemptId)!.CardLastFour)?.Brand ?? "unknown";
        writer.WriteStartObject("payment_method_details");
        writer.WriteStartObject("card");
        writer.WriteString("brand", brand);
        writer.WriteString("case_type", "chargeback");
        writer.WriteString("network", brand);
        writer.WriteString("network_reason_code", "10.4");
        writer.WriteEndObject();
        writer.WriteString("type", "card");
        writer.WriteEndObject();
        writer.WriteString("reason", dispute.Reason);
        writer.WriteString("status", DisputeWords.Of(dispute.Status));
        writer.WriteEndObject();
    }
}
