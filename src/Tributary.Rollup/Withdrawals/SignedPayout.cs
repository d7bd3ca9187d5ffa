using Tributary.Bitcoin.Transactions;

namespace Tributary.Rollup.Withdrawals;

/// <summary>A payout that may have left the process.</summary>
/// <param name="Transaction">Signed.</param>
/// <param name="Marker">What it pays.</param>
public sealed record SignedPayout(Transaction Transaction, PayoutMarker Marker);
