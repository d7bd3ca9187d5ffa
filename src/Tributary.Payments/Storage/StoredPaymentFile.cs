using Tributary.Payments.Intents;

namespace Tributary.Payments.Storage;

/// <summary>A file as it stands in the database, with the version of this form.</summary>
internal sealed record StoredPaymentFile(int Format, PaymentFile File)
{
    public const int CurrentFormat = 1;
}
