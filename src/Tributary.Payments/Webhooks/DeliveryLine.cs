namespace Tributary.Payments.Webhooks;

/// <summary>A delivery, for the log.</summary>
/// <param name="Id">Its name.</param>
/// <param name="EndpointId">Where to.</param>
/// <param name="Url">The target.</param>
/// <param name="Kind">The kind of the event.</param>
/// <param name="EventId">The event.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="DueAt">When it is tried next; null where it is done or given up.</param>
/// <param name="DoneAt">When the target took it.</param>
/// <param name="Outcome">What the target answered last.</param>
public sealed record DeliveryLine(
    string Id, string EndpointId, string Url, string Kind, string EventId, long Tries, DateTimeOffset? DueAt, DateTimeOffset? DoneAt, string? Outcome)
{
    /// <summary>When the event happened.</summary>
    public DateTimeOffset EventAt { get; init; }
}
