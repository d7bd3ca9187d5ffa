namespace Tributary.Intelligence.Policy;

/// <summary>What a payer is told where a rule says nothing else.</summary>
internal static class PayerCategories
{
    public static PayerCategory Of(Verdict verdict) => verdict switch
    {
        Verdict.Allow => PayerCategory.Accepted,
        Verdict.StepUp => PayerCategory.VerificationNeeded,
        Verdict.Review => PayerCategory.UnderReview,
        _ => PayerCategory.Declined,
    };
}
