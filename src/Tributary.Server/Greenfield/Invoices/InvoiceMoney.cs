using System.Diagnostics.CodeAnalysis;
using Tributary.Payments.Money;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Invoices;

/// <summary>Amounts of invoices. SATS is bitcoin counted in satoshis, and stays so in what is answered.</summary>
internal static class InvoiceMoney
{
    private const string Satoshis = "SATS";

    /// <summary>Reads an amount of a currency, or nothing of it where no text is given; a problem where it is none.</summary>
    public static bool TryParse(string code, string? text, out CurrencyAmount amount, out string asked, [NotNullWhen(false)] out GreenfieldProblem? problem)
    {
        asked = code.Trim().ToUpperInvariant();
        amount = default;
        problem = null;
        var isSatoshis = asked is Satoshis or "SAT";
        var currency = Currency.Bitcoin;
        if (isSatoshis)
        {
            asked = Satoshis;
        }
        else if (!Currency.TryParse(asked, out currency))
        {
            problem = new GreenfieldProblem("currency", $"{code} is no currency that this server knows.");
            return false;
        }

        if (text is null)
        {
            amount = new CurrencyAmount(0, currency);
            return true;
        }

        if (GreenfieldAmounts.TryParse(text, isSatoshis ? 0 : currency.Decimals, currency, out amount, out var wrong))
            return true;
        problem = new GreenfieldProblem("amount", wrong);
        return false;
    }

    /// <summary>An amount in the currency of an invoice.</summary>
    public static string Text(CurrencyAmount amount, string asked) => GreenfieldAmounts.Text(amount.MinorUnits, asked is Satoshis ? 0 : amount.Currency.Decimals);
}
