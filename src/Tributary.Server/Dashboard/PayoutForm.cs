namespace Tributary.Server.Dashboard;

/// <summary>What a member typed for a payout, and what was wrong with it.</summary>
public sealed record PayoutForm
{
    public string? Amount { get; init; }

    public string? Currency { get; init; }

    public string? Destination { get; init; }

    public string? Description { get; init; }

    public string? Problem { get; init; }
}
