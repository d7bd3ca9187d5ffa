namespace Tributary.Payments.Customers;

/// <summary>A customer as it stands in the database and in events, with the version of this form.</summary>
internal sealed record StoredCustomer(int Format, Customer Customer)
{
    public const int CurrentFormat = 1;
}
