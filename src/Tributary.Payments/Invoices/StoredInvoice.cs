using Tributary.Payments.Intents;

namespace Tributary.Payments.Invoices;

/// <summary>Invoices and their events as they stand in the database, with the version of this form.</summary>
internal static class StoredInvoice
{
    public const int CurrentFormat = 1;

    public static void Check(int format, string what)
    {
        if (format != CurrentFormat)
            throw new InvalidOperationException($"{what} has format {format}: a newer version of the program wrote it.");
    }

    internal sealed record Document(int Format, Invoice Value);

    internal sealed record Event(int Format, Invoice Invoice, PaymentFile Payment, string? Receipt, bool IsByHand);
}
