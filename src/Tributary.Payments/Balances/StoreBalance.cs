using Tributary.Payments.Ledger;

namespace Tributary.Payments.Balances;

/// <summary>What a store owns and owes of an asset, in its smallest unit.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Available">What it may spend.</param>
/// <param name="Pending">What is held or not final.</param>
/// <param name="RefundsUnderWay">What was decided to go back and has not arrived.</param>
/// <param name="PayoutsUnderWay">What was decided to go out and has not arrived.</param>
/// <param name="ShopperExcess">What shoppers paid beyond what was asked.</param>
public sealed record StoreBalance(Asset Asset, long Available, long Pending, long RefundsUnderWay, long PayoutsUnderWay, long ShopperExcess);
