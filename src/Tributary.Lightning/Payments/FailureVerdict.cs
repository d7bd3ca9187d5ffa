using Tributary.Lightning.Onions;

namespace Tributary.Lightning.Payments;

/// <summary>What a failed attempt means.</summary>
/// <param name="Hop">As in <see cref="PaymentRecord.AttemptFailed"/>.</param>
/// <param name="Code">What was said.</param>
/// <param name="Lessons">For the attempts after it.</param>
/// <param name="IsFinal">The payee does not want the payment: no other way helps.</param>
/// <param name="Text">For a person, when it is final.</param>
internal sealed record FailureVerdict(sbyte Hop, FailureCode Code, IReadOnlyList<PaymentLesson> Lessons, bool IsFinal = false, string Text = "");
