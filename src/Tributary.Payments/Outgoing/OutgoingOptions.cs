namespace Tributary.Payments.Outgoing;

/// <summary>What an operator chooses for outgoing money of all stores.</summary>
public sealed record OutgoingOptions
{
    /// <summary>How long a shopper has to say where a refund goes.</summary>
    public TimeSpan ClaimLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Less excess than this stays on the books and is not sent: in millisatoshis.</summary>
    public long ExcessMinMilliSatoshis { get; init; } = 1000;

    /// <summary>What a shopper who bears the fee pays for the way over Lightning, in hundredths of a percent, at least one satoshi.</summary>
    public int LightningFeeBasisPoints { get; init; } = 100;
}
