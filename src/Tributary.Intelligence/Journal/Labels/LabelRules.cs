using Tributary.Intelligence.Journal.Entries;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Journal.Labels;

/// <summary>What a label must be before it is recorded.</summary>
public static class LabelRules
{
    /// <summary>The longest reference, in characters.</summary>
    public const int MaxReferenceLength = 64;

    /// <summary>How far a source's clock may be ahead.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Null when the label can be recorded. Refused: an outcome that contradicts its own kind, an observation before the decision or in the future,
    /// a reference that could hold more than a number. However late a label is, it is taken.
    /// </summary>
    /// <param name="label">The label.</param>
    /// <param name="decidedAt">When the decision was taken.</param>
    /// <param name="now">The time.</param>
    public static Refusal? Check(LabelEntry label, DateTimeOffset decidedAt, DateTimeOffset now)
    {
        if (label.Label == LabelKind.Settled && label.IsBad)
            return new Refusal("label", "A settled payment is no bad outcome.");
        if (label.Label is not (LabelKind.Settled or LabelKind.AnalystVerdict) && !label.IsBad)
            return new Refusal("label", $"{label.Label} is a bad outcome: take a good one back with an analyst's verdict.");
        if (label.ObservedAt < decidedAt - ClockSkew)
            return new Refusal("observed_at", "The outcome lies before the decision.");
        if (label.ObservedAt > now + ClockSkew)
            return new Refusal("observed_at", "The outcome lies in the future.");
        if (label.Reference.Length > MaxReferenceLength || !label.Reference.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'))
            return new Refusal("reference", $"A reference has up to {MaxReferenceLength} letters, digits and _ - . : and no personal data.");
        return null;
    }
}
