using System.Globalization;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Server.Dashboard;

/// <summary>Payments for accounting (RFC 4180): a line for each sum that settled, with what it was worth when it came.</summary>
internal static class PaymentCsv
{
    public const string Head = "payment,created_utc,description,customer,currency,amount,settled_utc,rail,received,received_unit,value_at_receipt,credited,rate_per_btc,rate_source,reference\r\n";

    public static IEnumerable<string> Lines(PaymentFile file)
    {
        var intent = file.Intent;
        foreach (var receipt in file.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Settled))
        {
            var attempt = file.FindAttempt(receipt.AttemptId)!;
            string[] cells =
            [
                intent.Id,
                Time(intent.CreatedAt),
                intent.Description ?? "",
                intent.CustomerId ?? "",
                intent.Amount.Currency.Code.ToUpperInvariant(),
                Decimal(intent.Amount),
                receipt.SettledAt is { } at ? Time(at) : "",
                attempt.Rail.ToString(),
                receipt.Amount.ToString(CultureInfo.InvariantCulture),
                attempt.Asset.Code,
                Decimal(receipt.Value),
                receipt.Credited.ToString(CultureInfo.InvariantCulture),
                attempt.Quote is { } quote ? Decimal(new CurrencyAmount(quote.Price.MilliMinorUnits / 1000, quote.Price.Currency)) : "",
                attempt.Quote?.Source ?? "",
                receipt.Reference,
            ];
            yield return Csv.Line(cells);
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Decimal(CurrencyAmount amount) => amount.ToString().Split(' ')[0];
}
