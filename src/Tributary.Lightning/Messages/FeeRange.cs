using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Messages;

/// <summary>The fees between which the sender of <c>closing_signed</c> agrees to close (BOLT 2).</summary>
public readonly record struct FeeRange(Satoshis Min, Satoshis Max);
