using Tributary.Intelligence.Privacy;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Features;

/// <summary>A payment as features see it: integers and pseudonyms, no personal data.</summary>
public readonly struct PaymentEvent
{
    /// <summary>The largest amount taken, in minor units: sums and sums of squares of many such amounts stay exact in 64 and 128 bits.</summary>
    public const long MaxAmountMinor = 1L << 47;

    /// <summary>The latest time taken, in Unix milliseconds (the year 10,000).</summary>
    public const long MaxTimeMs = 253_402_300_800_000;

    /// <summary>No category.</summary>
    public const int NoCategory = -1;

    private readonly int _categoryPlusOne;
    private readonly EntityKeys _entities;

    /// <summary>Names the payment: outcomes refer to it.</summary>
    public required ulong Id { get; init; }

    /// <summary>When it was made, in Unix milliseconds.</summary>
    public required long TimeMs { get; init; }

    /// <summary>The amount in minor units of the store's currency (cents, millisatoshis).</summary>
    public required long AmountMinor { get; init; }

    /// <summary>The code of the merchant's category, 0 … 65,535, or <see cref="NoCategory"/>.</summary>
    public int Category
    {
        get => _categoryPlusOne - 1;
        init => _categoryPlusOne = value + 1;
    }

    /// <summary>Where it was made, when that is known.</summary>
    public GeoPoint Place { get; init; }

    /// <summary>Who takes part.</summary>
    public EntityKeys Entities
    {
        get => _entities;
        init => _entities = value;
    }

    /// <summary>The pseudonym of one party, without copying those of all.</summary>
    public Pseudonym Entity(EntityKind kind) => _entities[(int)kind];

    /// <summary>The same payment at another time.</summary>
    public PaymentEvent At(long timeMs) =>
        new() { Id = Id, TimeMs = timeMs, AmountMinor = AmountMinor, Category = Category, Place = Place, Entities = Entities };

    /// <summary>
    /// Minor units from a number in major units, rounded to the nearest (halves to even). What is not a finite amount from 0 to
    /// <see cref="MaxAmountMinor"/> is refused by name.
    /// </summary>
    /// <param name="amount">The amount in major units, as a data file or a partner states it.</param>
    /// <param name="decimals">Decimals of the currency, 0 … 11.</param>
    public static Result<long, Refusal> ToMinorUnits(double amount, int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)decimals, 11u, nameof(decimals));
        if (double.IsNaN(amount))
            return new Refusal("amount", "is not a number");
        if (double.IsInfinity(amount))
            return new Refusal("amount", "is infinite");
        if (amount < 0)
            return new Refusal("amount", "is negative");
        var minor = Math.Round(amount * Math.Pow(10, decimals), MidpointRounding.ToEven);
        if (minor > MaxAmountMinor)
            return new Refusal("amount", $"is above {MaxAmountMinor} minor units");
        return (long)minor;
    }

    /// <summary>Why the payment cannot be taken into a history, or null.</summary>
    internal Refusal? Check()
    {
        if (AmountMinor is < 0 or > MaxAmountMinor)
            return new Refusal("amount", $"{AmountMinor} minor units are not between 0 and {MaxAmountMinor}");
        if (TimeMs is < 0 or > MaxTimeMs)
            return new Refusal("time", $"{TimeMs} ms are not between 1970 and the year 10000");
        if (Category is < NoCategory or > ushort.MaxValue)
            return new Refusal("category", $"{Category} is not a code from 0 to 65535");
        return null;
    }
}
