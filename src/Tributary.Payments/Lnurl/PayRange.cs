using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Lnurl;

/// <summary>What can be paid now, both ends included.</summary>
public readonly record struct PayRange(MilliSatoshis Min, MilliSatoshis Max);
