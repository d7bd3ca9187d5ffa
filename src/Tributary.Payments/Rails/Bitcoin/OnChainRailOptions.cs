using System.Collections.Immutable;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>How payments on chain are taken.</summary>
public sealed record OnChainRailOptions
{
    /// <summary>
    /// Confirmations by amount and risk, amounts ascending; beyond the last rule <see cref="ConfirmationsMax"/> or <see cref="ElevatedMax"/> are asked for. Who
    /// takes a payment back needs more work than its confirmations hold, so what is worth more, or comes from somebody who may try, waits for more.
    /// </summary>
    public ImmutableArray<ConfirmationRule> Confirmations { get; init; } =
    [
        new(new Satoshis(1_000_000), 1, 3),
        new(new Satoshis(10_000_000), 2, 4),
        new(new Satoshis(100_000_000), 3, 6),
    ];

    /// <summary>For everything larger.</summary>
    public int ConfirmationsMax { get; init; } = 6;

    /// <summary>For everything larger, at a higher level of risk.</summary>
    public int ElevatedMax { get; init; } = 9;

    /// <summary>The smallest payment: below it an output costs about as much to spend as it is worth.</summary>
    public Satoshis AmountMin { get; init; } = new(1_000);

    /// <summary>The most that an outgoing transaction may cost, unless the caller allows less.</summary>
    public Satoshis FeeMax { get; init; } = new(50_000);

    /// <summary>Confirmations for an amount.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="isElevated">The risk gate put the payment above the normal level.</param>
    public int ConfirmationsFor(Satoshis amount, bool isElevated)
    {
        foreach (var rule in Confirmations)
        {
            if (amount <= rule.UpTo)
                return isElevated ? rule.Elevated : rule.Confirmations;
        }

        return isElevated ? ElevatedMax : ConfirmationsMax;
    }
}
