using Tributary.Payments.Intents;

namespace Tributary.Payments.Checkout;

/// <summary>Sessions, links and their events as they stand in the database, with the version of this form.</summary>
internal static class StoredCheckout
{
    public const int CurrentFormat = 1;

    internal sealed record Session(int Format, CheckoutSession Value);

    internal sealed record Link(int Format, PaymentLink Value);

    internal sealed record Event(int Format, CheckoutSession Session, PaymentFile File);

    /// <exception cref="InvalidOperationException">A newer version of the program wrote it.</exception>
    public static void Check(int format, string what)
    {
        if (format != CurrentFormat)
            throw new InvalidOperationException($"{what} of format {format}: a newer version of the program wrote it.");
    }
}
