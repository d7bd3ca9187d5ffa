using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>What a judge says of a transaction, in a form that two judges can be compared by.</summary>
/// <param name="Reason">Empty for yes; "script" where a script says no; else Bitcoin Core's reject reason.</param>
/// <param name="ScriptMessage">Bitcoin Core's sentence of the script error, or empty.</param>
internal readonly record struct Verdict(string Reason, string ScriptMessage)
{
    private const string FlagFailed = "script-verify-flag";

    public bool IsYes => Reason.Length == 0;

    public static Verdict Of(string? reason)
    {
        if (reason is null)
            return new Verdict("", "");

        // "mandatory-script-verify-flag-failed (sentence), input 0 of …"; versions differ in the words before the sentence.
        if (reason.Contains(FlagFailed, StringComparison.Ordinal))
        {
            var start = reason.IndexOf(" (", StringComparison.Ordinal) + 2;
            var end = reason.IndexOf("), input", start, StringComparison.Ordinal);
            if (end < 0)
                end = reason.LastIndexOf(')');
            var message = reason[start..end];
            return new Verdict("script", ToSentence(message));
        }

        var plain = reason.Split(',')[0].Trim();
        return new Verdict(ToClass(plain), "");
    }

    private static string ToSentence(string message) => message switch
    {
        // Bitcoin Core before 30.
        "unknown error" => ScriptError.ScriptNum.GetMessage(),
        // Bitcoin Knots has other plans for one of the hash types that are undefined.
        "Signature opts in to the hardfork, which is not active here" => ScriptError.SigHashType.GetMessage(),
        _ => message,
    };

    // Bitcoin Knots says which input rule it is where Bitcoin Core says that there is one.
    private static string ToClass(string reason) => reason switch
    {
        "missing-inputs" => "bad-txns-inputs-missingorspent",
        _ when reason.StartsWith("bad-txns-input-", StringComparison.Ordinal) => "bad-txns-nonstandard-inputs",
        _ when reason.StartsWith("bad-witness-", StringComparison.Ordinal) => "bad-witness-nonstandard",
        _ => reason,
    };

    public override string ToString() => IsYes ? "yes" : ScriptMessage.Length > 0 ? $"script ({ScriptMessage})" : Reason;
}
