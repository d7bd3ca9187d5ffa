namespace Tributary.Payments.PullPayments;

/// <summary>Pull payments and claims as they stand in the database, with the version of this form.</summary>
internal static class StoredPullPayment
{
    public const int CurrentFormat = 1;

    internal sealed record Pull(int Format, PullPayment Value);

    internal sealed record Claim(int Format, PayoutClaim Value);
}
