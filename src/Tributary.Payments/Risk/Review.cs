namespace Tributary.Payments.Risk;

/// <summary>A payment that a person is asked to look at.</summary>
/// <param name="Id">Its name.</param>
/// <param name="StoreId">Whose it is.</param>
/// <param name="IsLive">Real money.</param>
/// <param name="IntentId">The payment.</param>
/// <param name="AttemptId">The attempt.</param>
/// <param name="Reference">The decision that opened it.</param>
/// <param name="IsHeld">The money is held until it is closed.</param>
/// <param name="OpenedAt">When it was opened.</param>
public sealed record Review(
    string Id, string StoreId, bool IsLive, string IntentId, string AttemptId, string Reference, bool IsHeld, DateTimeOffset OpenedAt)
{
    /// <summary>When it was closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Why it was closed.</summary>
    public ReviewClosing? Closing { get; init; }

    public bool IsOpen => ClosedAt is null;
}
