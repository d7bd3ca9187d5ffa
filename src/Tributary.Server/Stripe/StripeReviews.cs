using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;

namespace Tributary.Server.Stripe;

/// <summary>A review in Stripe's form, with what an analyst needs under a name of our own.</summary>
internal static class StripeReviews
{
    public static void Write(Utf8JsonWriter writer, Review review, PaymentFile file)
    {
        var risk = file.FindAttempt(review.AttemptId)?.Risk;
        var closing = review.Closing is { } reason ? WordOf(reason) : null;
        writer.WriteStartObject();
        writer.WriteString("id", review.Id);
        writer.WriteString("object", "review");
        writer.WriteNull("billing_zip");
        writer.WriteNull("charge");
        Text(writer, "closed_reason", closing);
        writer.WriteNumber("created", review.OpenedAt.ToUnixTimeSeconds());
        writer.WriteNull("ip_address");
        writer.WriteNull("ip_address_location");
        writer.WriteBoolean("livemode", review.IsLive);
        writer.WriteBoolean("open", review.IsOpen);
        writer.WriteString("opened_reason", "rule");
        writer.WriteString("payment_intent", review.IntentId);
        writer.WriteString("reason", closing ?? "rule");
        writer.WriteNull("session");
        writer.WriteStartObject("tributary");
        writer.WriteString("decision", review.Reference);
        writer.WriteBoolean("is_held", review.IsHeld);
        Text(writer, "rule", risk?.Rule);
        if (risk?.Score is { } score)
            writer.WriteNumber("score", Math.Round(score, 6));
        writer.WriteStartArray("reasons");
        foreach (var why in risk?.Reasons ?? [])
            writer.WriteStringValue(why);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string WordOf(ReviewClosing closing) => closing switch
    {
        ReviewClosing.Approved => "approved",
        ReviewClosing.Canceled => "canceled",
        ReviewClosing.RefundedAsFraud => "refunded_as_fraud",
        ReviewClosing.Refunded => "refunded",
        ReviewClosing.Disputed => "disputed",
        _ => throw new ArgumentOutOfRangeException(nameof(closing)),
    };

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }
}
