using Tributary.Finance.Accounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Pools;

namespace Tributary.Finance.State;

/// <summary>The kinds of leaf. Each belongs to one module, but for the counters, which every module draws numbers from.</summary>
public static class FinanceLeaves
{
    public static LeafType<CountersLeaf> Counters { get; } = new(LeafKind.Counters);

    public static LeafType<AccountLeaf> Accounts { get; } = new(LeafKind.Account);

    public static LeafType<BalanceLeaf> Balances { get; } = new(LeafKind.Balance);

    public static LeafType<AssetLeaf> Assets { get; } = new(LeafKind.Asset);

    public static LeafType<HtlcLeaf> Htlcs { get; } = new(LeafKind.Htlc);

    public static LeafType<PoolLeaf> Pools { get; } = new(LeafKind.Pool);

    public static LeafType<PoolSettingsLeaf> PoolSettings { get; } = new(LeafKind.PoolSettings);
}
