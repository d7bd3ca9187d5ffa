using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>How many confirmations make an amount final.</summary>
/// <param name="UpTo">Amounts up to this one.</param>
/// <param name="Confirmations">At least one.</param>
public sealed record ConfirmationRule(Satoshis UpTo, int Confirmations);
