using Tributary.Bitcoin.Transactions;

namespace Tributary.Lightning.OnChain;

/// <summary>A confirmed spend of an output.</summary>
/// <param name="Transaction">What spends it.</param>
/// <param name="Input">Which input.</param>
/// <param name="Height">The height of its block.</param>
internal readonly record struct Spend(Transaction Transaction, int Input, int Height);
