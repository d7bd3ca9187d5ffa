using Tributary.Payments.Intents;

namespace Tributary.Payments.Risk;

/// <summary>What an event tells of a review: it and its payment as they were at that moment.</summary>
internal sealed record StoredReview(int Format, Review Review, PaymentFile File)
{
    public const int CurrentFormat = 1;
}
