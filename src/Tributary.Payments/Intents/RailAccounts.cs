using Tributary.Payments.Ledger;

namespace Tributary.Payments.Intents;

/// <summary>The asset accounts of a rail.</summary>
/// <param name="Pending">Money that is seen or held.</param>
/// <param name="Settled">Money that is ours.</param>
public readonly record struct RailAccounts(AccountKind Pending, AccountKind Settled)
{
    public static RailAccounts Of(RailKind rail) => rail switch
    {
        RailKind.Lightning => new(AccountKind.LightningHeld, AccountKind.LightningChannels),
        RailKind.OnChain => new(AccountKind.OnChainUnconfirmed, AccountKind.OnChain),
        RailKind.Card => new(AccountKind.CardAuthorised, AccountKind.CardProcessor),
        _ => throw new ArgumentOutOfRangeException(nameof(rail)),
    };
}
