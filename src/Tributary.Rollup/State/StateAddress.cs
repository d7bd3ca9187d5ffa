using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.State;

/// <summary>
/// Where a leaf of the engine stands in the tree. An account's leaf and its balances share all but the lowest levels, so an operation opens few paths:
/// <code>
/// 0 | account, 28 bits | slot, 11 bits      slot 0: the account; slot 1 + a: its balance of asset a
/// 1 | 0 | HTLC, 38 bits
/// 1 | 1 | number, 38 bits                   0: the counters; 1 + a: asset a
/// </code>
/// </summary>
public static class StateAddress
{
    /// <summary>Levels above the leaves.</summary>
    public const int Depth = 40;

    /// <summary>log2 of the slots of an account.</summary>
    public const int SlotBits = 11;

    /// <summary>Accounts at most, with account 0.</summary>
    public const uint AccountLimit = AccountId.Limit;

    /// <summary>Assets at most that can be held, with Bitcoin.</summary>
    public const uint AssetLimit = AssetId.Limit;

    /// <summary>HTLCs at most, ever.</summary>
    public const ulong HtlcLimit = HtlcId.Limit;

    private const ulong Upper = 1UL << 39;
    private const ulong Numbered = Upper | (1UL << 38);

    /// <summary>The index of a leaf, counted from the left; a refusal where the tree has no room for it.</summary>
    public static Result<ulong, Refusal> Find(LeafKey key)
    {
        var (high, low) = ((uint)(key.Address >> 32), (uint)key.Address);
        return key.Kind switch
        {
            LeafKind.Account => key.Address < AccountLimit ? key.Address << SlotBits : Full("accounts", AccountLimit),
            LeafKind.Balance when high >= AccountLimit => Full("accounts", AccountLimit),
            LeafKind.Balance => low < AssetLimit ? ((ulong)high << SlotBits) + 1 + low : Full("assets", AssetLimit),
            LeafKind.Htlc => key.Address < HtlcLimit ? Upper | key.Address : Full("contracts", HtlcLimit),
            LeafKind.Asset => key.Address < AssetLimit ? Numbered + 1 + key.Address : Full("assets", AssetLimit),
            LeafKind.Counters when key.Address == 0 => Numbered,
            _ => new Refusal("leaf", $"the tree has no leaves of kind {key.Kind}"),
        };
    }

    private static Refusal Full(string what, ulong limit) => new("leaf", $"the tree has room for {limit} {what}");
}
