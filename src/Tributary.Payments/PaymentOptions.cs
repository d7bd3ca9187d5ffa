namespace Tributary.Payments;

/// <summary>What an operator chooses for all payments of a server.</summary>
public sealed record PaymentOptions
{
    /// <summary>How much more bitcoin than the source's price says, in hundredths of a percent.</summary>
    public int SpreadBasisPoints { get; init; }

    /// <summary>How long an offer and its rate hold.</summary>
    public TimeSpan QuoteLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether the server's chain moves real money: bitcoin rails serve keys of that kind alone. Null for keys of both kinds.</summary>
    public bool? IsBitcoinLive { get; init; }
}
