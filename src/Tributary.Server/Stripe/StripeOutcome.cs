using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;

namespace Tributary.Server.Stripe;

/// <summary>A charge's <c>outcome</c> in Stripe's form: what the risk gate and the rail said. For the merchant's key, never for a shopper's page.</summary>
internal static class StripeOutcome
{
    public static void Write(Utf8JsonWriter writer, PaymentAttempt attempt)
    {
        var risk = attempt.Risk;
        var isRefused = risk is not null && attempt.Reference.StartsWith("risk_", StringComparison.Ordinal);
        var isDeclined = attempt.Status == AttemptStatus.Failed && !isRefused;
        writer.WriteStartObject();
        writer.WriteNull("network_advice_code");
        writer.WriteNull("network_decline_code");
        writer.WriteString("network_status", isRefused ? "not_sent_to_network" : isDeclined ? "declined_by_network" : "approved_by_network");
        Text(writer, "reason", isDeclined ? attempt.DeclineCode ?? attempt.FailureCode : ReasonOf(risk));
        writer.WriteString("risk_level", risk?.Level ?? "not_assessed");
        if (risk?.Score is { } score)
            writer.WriteNumber("risk_score", (int)Math.Round(Math.Clamp(score, 0, 1) * 100));
        if (risk?.Rule is { } rule)
            writer.WriteString("rule", rule);
        writer.WriteString("seller_message", MessageOf(risk, isRefused, isDeclined));
        writer.WriteString("type", isRefused ? "blocked" : isDeclined ? "issuer_declined" : risk?.Verdict == RiskVerdict.Review ? "manual_review" : "authorized");
        if (risk is not null)
        {
            writer.WriteStartObject("tributary");
            writer.WriteString("decision", risk.Reference);
            writer.WriteString("verdict", StripeWords.Of(risk.Verdict));
            writer.WriteString("shown_to_payer", StripeWords.Of(risk.Notice));
            writer.WriteStartArray("reasons");
            foreach (var reason in risk.Reasons)
                writer.WriteStringValue(reason);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string? ReasonOf(RiskAssessment? risk) => risk switch
    {
        null or { Verdict: RiskVerdict.Allow } => null,
        { Rule: not null } => "rule",
        { Verdict: RiskVerdict.Block } => "highest_risk_level",
        _ => "elevated_risk_level",
    };

    private static string MessageOf(RiskAssessment? risk, bool isRefused, bool isDeclined) => (isRefused, isDeclined, risk?.Verdict) switch
    {
        (true, _, RiskVerdict.StepUp) => "The payment waits until the payer has proved who they are.",
        (true, _, _) => "The payment was blocked before it reached the rail.",
        (_, true, _) => "The rail declined the payment.",
        (_, _, RiskVerdict.Review) => "The payment is in review.",
        _ => "Payment complete.",
    };

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }
}
