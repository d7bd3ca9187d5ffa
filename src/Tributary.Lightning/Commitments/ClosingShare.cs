using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Commitments;

/// <summary>What one side gets at a cooperative close, and where.</summary>
public readonly record struct ClosingShare(MilliSatoshis Balance, Script Script);
