using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>How many confirmations make an amount final.</summary>
/// <param name="UpTo">Amounts up to this one.</param>
/// <param name="Confirmations">At least one.</param>
/// <param name="Elevated">For a payment that the risk gate put above the normal level; not less.</param>
public sealed record ConfirmationRule(Satoshis UpTo, int Confirmations, int Elevated);
