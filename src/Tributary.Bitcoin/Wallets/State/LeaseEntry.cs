using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>Coins that are set aside.</summary>
internal sealed record LeaseEntry(string Id, IReadOnlyList<OutPoint> OutPoints, long? ExpiresAt, string Purpose)
{
    internal bool IsOver(long now) => ExpiresAt is { } end && end <= now;
}
