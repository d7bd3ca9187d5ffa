using System.Collections.Immutable;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Coins;
using Tributary.Bitcoin.Wallets.State;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Spending;

/// <summary>A transaction before it is signed.</summary>
/// <param name="Transaction">Unsigned.</param>
/// <param name="Inputs">What its inputs spend, in their order.</param>
/// <param name="Fee">What it pays.</param>
/// <param name="ChangeIndex">Which output is change, or null.</param>
/// <param name="ChangePlace">Where in the wallet the change goes.</param>
/// <param name="Algorithm">How the coins were chosen.</param>
internal sealed record SpendPlan(
    Transaction Transaction, ImmutableArray<OutputEntry> Inputs, Satoshis Fee, int? ChangeIndex, ScriptPlace? ChangePlace, CoinSelectionAlgorithm Algorithm);
