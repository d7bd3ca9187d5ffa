using System.Collections.Immutable;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Wallets;

/// <summary>Coins set aside, as for the funding of a channel that is being negotiated. Survives restarts.</summary>
/// <param name="Id">Names it when it is released.</param>
/// <param name="OutPoints">The coins.</param>
/// <param name="ExpiresAt">When they are free again without a release; null for never.</param>
/// <param name="Purpose">For people.</param>
public sealed record WalletLease(string Id, ImmutableArray<OutPoint> OutPoints, DateTimeOffset? ExpiresAt, string Purpose);
