namespace Tributary.Payments.Outbox;

/// <summary>Something that happened, for the outside.</summary>
/// <param name="Position">Its place in the history of everything: grows without gaps, in an order in which no earlier one appears later.</param>
/// <param name="Id">Its name, for those who hear of it twice.</param>
/// <param name="StoreId">Whose it is.</param>
/// <param name="IsLive">Real money.</param>
/// <param name="Kind">"payment_intent.succeeded".</param>
/// <param name="ObjectId">The object.</param>
/// <param name="ObjectVersion">The object's version at that moment; not every version has an event.</param>
/// <param name="At">When.</param>
/// <param name="Document">The object as it was, in the stored form.</param>
public sealed record OutboxEvent(
    long Position, string Id, string StoreId, bool IsLive, string Kind, string ObjectId, long ObjectVersion, DateTimeOffset At, string Document)
{
    /// <summary>Its number among the events of its object, from one and without gaps: who watches one object sees what is missing. 0 until it has a position.</summary>
    public long Sequence { get; init; }

    /// <summary>What was told of the object before it, for an event that tells of a change; null where nobody looked.</summary>
    public OutboxEvent? Previous { get; init; }

    /// <summary>To how many endpoints it is still to be told, as far as somebody counted.</summary>
    public long Pending { get; init; }
}
