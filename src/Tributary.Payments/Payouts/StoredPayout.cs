namespace Tributary.Payments.Payouts;

/// <summary>A payout as it stands in the database and in events, with the version of this form.</summary>
internal sealed record StoredPayout(int Format, Payout Payout)
{
    public const int CurrentFormat = 1;
}
