namespace Tributary.Payments.Customers;

/// <summary>A payment method as it stands in the database and in events, with the version of this form.</summary>
internal sealed record StoredMethod(int Format, SavedMethod Method)
{
    public const int CurrentFormat = 1;
}
