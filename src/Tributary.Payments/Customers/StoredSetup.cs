namespace Tributary.Payments.Customers;

/// <summary>A setup intent as it stands in the database and in events, with the version of this form.</summary>
internal sealed record StoredSetup(int Format, SetupIntent Setup)
{
    public const int CurrentFormat = 1;
}
