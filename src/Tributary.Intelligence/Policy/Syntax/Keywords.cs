namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Words of the language and their meanings.</summary>
internal static class Keywords
{
    public static readonly IReadOnlyDictionary<string, Verdict> Verdicts = new Dictionary<string, Verdict>(StringComparer.OrdinalIgnoreCase)
    {
        ["allow"] = Verdict.Allow,
        ["step_up"] = Verdict.StepUp,
        ["review"] = Verdict.Review,
        ["block"] = Verdict.Block,
    };

    public static readonly IReadOnlyDictionary<string, DecisionPoint> Points = new Dictionary<string, DecisionPoint>(StringComparer.OrdinalIgnoreCase)
    {
        ["sign_in"] = DecisionPoint.SignIn,
        ["checkout"] = DecisionPoint.Checkout,
        ["confirm"] = DecisionPoint.Confirm,
        ["refund"] = DecisionPoint.Refund,
        ["payout"] = DecisionPoint.Payout,
    };

    public static readonly IReadOnlyDictionary<string, PayerCategory> Categories = new Dictionary<string, PayerCategory>(StringComparer.OrdinalIgnoreCase)
    {
        ["accepted"] = PayerCategory.Accepted,
        ["verification_needed"] = PayerCategory.VerificationNeeded,
        ["under_review"] = PayerCategory.UnderReview,
        ["declined"] = PayerCategory.Declined,
        ["limit_reached"] = PayerCategory.LimitReached,
        ["method_unavailable"] = PayerCategory.MethodUnavailable,
    };

    public static readonly IReadOnlyDictionary<string, double> SecondsOfUnit = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase)
    {
        ["ms"] = 0.001,
        ["s"] = 1,
        ["sec"] = 1,
        ["second"] = 1,
        ["seconds"] = 1,
        ["m"] = 60,
        ["min"] = 60,
        ["minute"] = 60,
        ["minutes"] = 60,
        ["h"] = 3_600,
        ["hour"] = 3_600,
        ["hours"] = 3_600,
        ["d"] = 86_400,
        ["day"] = 86_400,
        ["days"] = 86_400,
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "policy", "let", "at", "budget", "then", "if", "otherwise", "because", "shown", "as", "shadow", "and", "or", "not", "in", "is", "missing",
        "list", "between", "contains", "starts", "ends", "with", "true", "false", "per", "allow", "step_up", "review", "block",
    };

    /// <summary>True for words that a definition cannot be called by.</summary>
    public static bool IsReserved(string word) => Reserved.Contains(word);

    /// <summary>True for words that begin a statement: where the parser finds its way again after an error.</summary>
    public static bool BeginsStatement(Token token) =>
        token.Kind == TokenKind.Word
        && (Verdicts.ContainsKey(token.Value) || token.IsWord("let") || token.IsWord("at") || token.IsWord("budget") || token.IsWord("otherwise")
            || token.IsWord("shadow") || token.IsWord("policy"));
}
