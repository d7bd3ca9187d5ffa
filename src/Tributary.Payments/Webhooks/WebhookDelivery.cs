using Tributary.Payments.Outbox;

namespace Tributary.Payments.Webhooks;

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Id">Its name.</param>
/// <param name="EndpointId">Where to.</param>
/// <param name="Url">The target.</param>
/// <param name="SealedSecret">The endpoint's signing secret, sealed.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Event">What it tells.</param>
public sealed record WebhookDelivery(string Id, string EndpointId, Uri Url, byte[] SealedSecret, long Tries, OutboxEvent Event)
{
    /// <summary>It is not tried again by itself.</summary>
    public bool IsTriedOnce { get; init; }

    /// <summary>The secret before it, as long as receivers may still know that one alone; null where there is none.</summary>
    public byte[]? OldSealedSecret { get; init; }
}
