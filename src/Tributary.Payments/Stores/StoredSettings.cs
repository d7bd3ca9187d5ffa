namespace Tributary.Payments.Stores;

/// <summary>A store's settings as they stand in the database, with the version of this form.</summary>
internal sealed record StoredSettings(int Format, StoreSettings Value)
{
    public const int CurrentFormat = 1;
}
