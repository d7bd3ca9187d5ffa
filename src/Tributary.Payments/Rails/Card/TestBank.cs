using System.Collections.Immutable;

namespace Tributary.Payments.Rails.Card;

/// <summary>The bank of test cards: it decides disputes by the evidence that Stripe publishes for tests.</summary>
public static class TestBank
{
    /// <summary>Who wins; null while the bank is still looking.</summary>
    public static bool? Decide(ImmutableSortedDictionary<string, string> evidence) => evidence.GetValueOrDefault("uncategorized_text") switch
    {
        "winning_evidence" => true,
        "losing_evidence" => false,
        _ => null,
    };
}
