using System.Globalization;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Invoices;

/// <summary>The amount in an invoice's prefix: a number of bitcoin and a multiplier (BOLT 11).</summary>
internal static class InvoiceAmount
{
    // Millisatoshis in a bitcoin, and in the parts of it; a pico-bitcoin is a tenth of a millisatoshi.
    private const ulong PerBitcoin = 100_000_000_000;
    private const string Multipliers = "munp";
    private const int DigitsMax = 20;

    internal static Result<MilliSatoshis, Refusal> Read(ReadOnlySpan<char> text)
    {
        var multiplier = text[^1];
        var digits = char.IsAsciiDigit(multiplier) ? text : text[..^1];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') || digits[0] == '0' || digits.Length > DigitsMax)
            return new Refusal("amount", "is not a number without leading zeros");
        var number = UInt128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (digits.Length < text.Length && !Multipliers.Contains(multiplier, StringComparison.Ordinal))
            return new Refusal("amount", $"has the multiplier '{multiplier}', which is not one of m, u, n and p");
        if (multiplier == 'p' && number % 10 != 0)
            return new Refusal("amount", "is not whole in millisatoshis");

        var amount = multiplier switch
        {
            'm' => number * (PerBitcoin / 1000),
            'u' => number * (PerBitcoin / 1_000_000),
            'n' => number * (PerBitcoin / 1_000_000_000),
            'p' => number / 10,
            _ => number * PerBitcoin,
        };
        return amount <= AmountLimits.MilliSatoshisMax ? new MilliSatoshis((long)amount) : new Refusal("amount", "exceeds 21 million bitcoin");
    }

    /// <summary>In the largest multiplier that keeps it whole: the shortest form.</summary>
    internal static string Write(MilliSatoshis amount)
    {
        var value = (UInt128)amount.Value;
        var (number, multiplier) = value switch
        {
            _ when value % PerBitcoin == 0 => (value / PerBitcoin, ""),
            _ when value % (PerBitcoin / 1000) == 0 => (value / (PerBitcoin / 1000), "m"),
            _ when value % (PerBitcoin / 1_000_000) == 0 => (value / (PerBitcoin / 1_000_000), "u"),
            _ when value % (PerBitcoin / 1_000_000_000) == 0 => (value / (PerBitcoin / 1_000_000_000), "n"),
            _ => (value * 10, "p"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{multiplier}");
    }
}
