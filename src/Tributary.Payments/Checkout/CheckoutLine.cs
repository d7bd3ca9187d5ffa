namespace Tributary.Payments.Checkout;

/// <summary>One thing on the bill.</summary>
/// <param name="Name">What it is, for the shopper; at most 250 characters.</param>
/// <param name="Description">More about it; at most 1,000 characters.</param>
/// <param name="UnitAmount">The price of one, in the bill's currency's minor units; more than zero.</param>
/// <param name="Quantity">How many; more than zero.</param>
public sealed record CheckoutLine(string Name, string? Description, long UnitAmount, long Quantity)
{
    public const int NameMax = 250;
    public const int DescriptionMax = 1000;
    public const long QuantityMax = 999_999;

    /// <summary>The line's name among those of its session.</summary>
    public string? Id { get; init; }

    /// <summary>The price of all of them.</summary>
    public long Amount => checked(UnitAmount * Quantity);
}
