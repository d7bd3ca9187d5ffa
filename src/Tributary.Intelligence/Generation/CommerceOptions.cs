namespace Tributary.Intelligence.Generation;

/// <summary>What the generator of synthetic commerce is run with.</summary>
public sealed record CommerceOptions
{
    /// <summary>Customers at most: more than this is more than a file can hold.</summary>
    public const int MaxCustomers = 1_000_000;

    /// <summary>Days at most.</summary>
    public const int MaxDays = 3_660;

    /// <summary>Equal seeds and options give equal payments.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Customers.</summary>
    public int Customers { get; init; } = 6_000;

    /// <summary>Merchants.</summary>
    public int Merchants { get; init; } = 120;

    /// <summary>Days.</summary>
    public int Days { get; init; } = 120;

    /// <summary>The first day.</summary>
    public DateOnly FirstDay { get; init; } = new(2026, 1, 1);

    /// <summary>Attacks per day and 6,000 customers, relative to the usual; 0 for none.</summary>
    public double FraudScale { get; init; } = 1;

    /// <summary>Why the options can't be run with, or null.</summary>
    public (string Name, string Reason)? Fault() =>
        Customers is < 1 or > MaxCustomers ? ("customers", $"is not from 1 to {MaxCustomers}")
        : Merchants is < 1 or > 100_000 ? ("merchants", "is not from 1 to 100000")
        : Days is < 1 or > MaxDays ? ("days", $"is not from 1 to {MaxDays}")
        : (long)Customers * Days > 100_000_000 ? ("days", "times customers is more than a hundred million")
        : FirstDay.Year is < 1970 or > 9_000 ? ("first-day", "is not from 1970 to 9000")
        : FraudScale is not (>= 0 and <= 100) ? ("fraud-scale", "is not from 0 to 100")
        : null;
}
