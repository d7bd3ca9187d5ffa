using System.Collections.Immutable;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Rails;

/// <summary>What a rail offers.</summary>
/// <param name="Reference">The rail's name for it, unique on the rail.</param>
/// <param name="Instruction">What the shopper pays with; null where nothing is to be done.</param>
/// <param name="Asset">What it counts in.</param>
/// <param name="Due">What it asks for, in that asset.</param>
/// <param name="Reports">What the rail knows at once: a card is authorised or declined within the call.</param>
public sealed record RailOffer(string Reference, string? Instruction, Asset Asset, long Due, ImmutableArray<RailReport> Reports)
{
    /// <summary>The payer has to prove who they are before the rail answers; it is told by <see cref="IPaymentRail.Authenticated"/>.</summary>
    public bool AwaitsPayer { get; init; }

    /// <summary>On chain, the confirmations that make what is asked for final; null on other rails.</summary>
    public int? Confirmations { get; init; }

    /// <summary>On the card rail, which card it is, as far as may be shown.</summary>
    public string? CardLastFour { get; init; }
}
