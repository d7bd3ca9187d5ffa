namespace Tributary.Intelligence.Generation;

/// <summary>A generated payment. Numbers stand for parties; nobody is behind them.</summary>
/// <param name="TimeSeconds">Seconds since 1970.</param>
/// <param name="Customer">The account that pays.</param>
/// <param name="Card">The card.</param>
/// <param name="Device">The device.</param>
/// <param name="Address">The network address.</param>
/// <param name="Terminal">The point of sale.</param>
/// <param name="Merchant">The merchant.</param>
/// <param name="Category">The merchant's category, an index into <see cref="CommerceCategory.All"/>.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="AmountMinor">Cents.</param>
/// <param name="Fraud">How it came about.</param>
public readonly record struct CommercePayment(
    long TimeSeconds,
    int Customer,
    int Card,
    int Device,
    int Address,
    int Terminal,
    int Merchant,
    int Category,
    double Latitude,
    double Longitude,
    long AmountMinor,
    FraudKind Fraud);
