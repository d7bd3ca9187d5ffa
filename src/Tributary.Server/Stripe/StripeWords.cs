using Tributary.Payments.Intents;
using Tributary.Payments.Risk;

namespace Tributary.Server.Stripe;

/// <summary>The words of Stripe's API for what the core knows.</summary>
internal static class StripeWords
{
    public static IReadOnlyDictionary<string, RailKind> Rails { get; } = new Dictionary<string, RailKind>(StringComparer.Ordinal)
    {
        ["lightning"] = RailKind.Lightning,
        ["bitcoin"] = RailKind.OnChain,
        ["card"] = RailKind.Card,
    };

    public static IReadOnlyDictionary<string, CaptureMethod> CaptureMethods { get; } = new Dictionary<string, CaptureMethod>(StringComparer.Ordinal)
    {
        ["automatic"] = CaptureMethod.Automatic,
        ["automatic_async"] = CaptureMethod.Automatic,
        ["manual"] = CaptureMethod.Manual,
    };

    /// <summary>The reasons that a merchant may give.</summary>
    public static IReadOnlyDictionary<string, CancellationReason> CancellationReasons { get; } = new Dictionary<string, CancellationReason>(StringComparer.Ordinal)
    {
        ["duplicate"] = CancellationReason.Duplicate,
        ["fraudulent"] = CancellationReason.Fraudulent,
        ["requested_by_customer"] = CancellationReason.RequestedByCustomer,
        ["abandoned"] = CancellationReason.Abandoned,
    };

    /// <summary>Stripe's names for its test cards, and the numbers that they stand for.</summary>
    public static IReadOnlyDictionary<string, string> TestPaymentMethods { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = "4242424242424242",
        ["pm_card_visa_debit"] = "4000056655665556",
        ["pm_card_mastercard"] = "5555555555554444",
        ["pm_card_amex"] = "378282246310005",
        ["pm_card_visa_chargeDeclined"] = "4000000000000002",
        ["pm_card_chargeDeclined"] = "4000000000000002",
        ["pm_card_visa_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["pm_card_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["pm_card_visa_chargeDeclinedExpiredCard"] = "4000000000000069",
        ["pm_card_chargeDeclinedExpiredCard"] = "4000000000000069",
        ["pm_card_chargeDeclinedProcessingError"] = "4000000000000119",
        ["pm_card_createDispute"] = "4000000000000259",
        ["pm_card_createDisputeProductNotReceived"] = "4000000000002685",
        ["pm_card_pendingRefund"] = "4000000000007726",
        ["pm_card_refundFail"] = "4000000000005126",
        ["pm_card_authenticationRequired"] = "4000002760003184",
        ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"] = "4000008260003178",
        ["pm_card_radarBlock"] = "4100000000000019",
        ["pm_card_riskLevelHighest"] = "4000000000004954",
        ["pm_card_riskLevelElevated"] = "4000000000009235",
    };

    /// <summary>Stripe's names for tokens of test cards.</summary>
    public static IReadOnlyDictionary<string, string> TestTokens { get; } =
        TestPaymentMethods.ToDictionary(static pair => "tok_" + pair.Key["pm_card_".Length..], static pair => pair.Value, StringComparer.Ordinal);

    public static string Of(RailKind rail) => rail switch
    {
        RailKind.Lightning => "lightning",
        RailKind.OnChain => "bitcoin",
        RailKind.Card => "card",
        _ => throw new ArgumentOutOfRangeException(nameof(rail)),
    };

    public static string Of(RiskVerdict verdict) => verdict switch
    {
        RiskVerdict.Allow => "allow",
        RiskVerdict.StepUp => "step_up",
        RiskVerdict.Review => "review",
        RiskVerdict.Block => "block",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    public static string Of(RiskNotice notice) => notice switch
    {
        RiskNotice.Accepted => "accepted",
        RiskNotice.VerificationNeeded => "verification_needed",
        RiskNotice.UnderReview => "under_review",
        RiskNotice.Declined => "declined",
        RiskNotice.LimitReached => "limit_reached",
        RiskNotice.MethodUnavailable => "method_unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(notice)),
    };
}
