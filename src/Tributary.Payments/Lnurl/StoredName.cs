namespace Tributary.Payments.Lnurl;

/// <summary>A name as it stands in the database, with the version of this form.</summary>
internal sealed record StoredName(int Format, LightningName Value)
{
    public const int CurrentFormat = 1;
}
