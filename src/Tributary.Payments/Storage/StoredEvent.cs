using Tributary.Payments.Intents;

namespace Tributary.Payments.Storage;

/// <summary>What an event tells: the object as it was at that moment.</summary>
internal sealed record StoredEvent(int Format, PaymentFile File)
{
    public const int CurrentFormat = 1;
}
