using System.Collections.Immutable;
using Tributary.Intelligence.Explanations;

namespace Tributary.Cli.Models;

/// <summary>One payment explained.</summary>
/// <param name="Payment">Its number in the file; its place by time where the format has none.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Amount">Its amount in major units.</param>
/// <param name="Score">The probability of fraud.</param>
/// <param name="BaseScore">What a payment scores before anything is known about it (log-odds).</param>
/// <param name="Reasons">The strongest reasons, those that raise the score first.</param>
/// <param name="PassesAtAmount">The greatest amount found at which it would have scored below the threshold; null where none was found or asked for.</param>
/// <param name="ScoreAtAmount">What it scores there.</param>
/// <param name="Sentence">That in words.</param>
internal sealed record ExplainedPayment(
    ulong Payment, DateTimeOffset Time, decimal Amount, double Score, double BaseScore, ImmutableArray<ReasonCode> Reasons, decimal? PassesAtAmount, double? ScoreAtAmount, string? Sentence);
