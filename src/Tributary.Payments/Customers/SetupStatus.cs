namespace Tributary.Payments.Customers;

/// <summary>How far a wish to keep a card has come.</summary>
public enum SetupStatus
{
    RequiresPaymentMethod,
    RequiresConfirmation,
    Succeeded,
    Canceled,
}
