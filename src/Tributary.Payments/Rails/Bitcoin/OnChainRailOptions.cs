using System.Collections.Immutable;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>How payments on chain are taken.</summary>
public sealed record OnChainRailOptions
{
    /// <summary>Confirmations by amount, ascending; beyond the last rule <see cref="ConfirmationsMax"/> are asked for.</summary>
    public ImmutableArray<ConfirmationRule> Confirmations { get; init; } =
    [
        new(new Satoshis(1_000_000), 1),
        new(new Satoshis(10_000_000), 2),
        new(new Satoshis(100_000_000), 3),
    ];

    /// <summary>For everything larger.</summary>
    public int ConfirmationsMax { get; init; } = 6;

    /// <summary>The smallest payment: below it an output costs about as much to spend as it is worth.</summary>
    public Satoshis AmountMin { get; init; } = new(1_000);

    /// <summary>The most that an outgoing transaction may cost, unless the caller allows less.</summary>
    public Satoshis FeeMax { get; init; } = new(50_000);

    /// <summary>Confirmations for an amount.</summary>
    public int ConfirmationsFor(Satoshis amount)
    {
        foreach (var rule in Confirmations)
        {
            if (amount <= rule.UpTo)
                return rule.Confirmations;
        }

        return ConfirmationsMax;
    }
}
