using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Balances;
using Tributary.Payments.Ledger;

namespace Tributary.Server.Stripe;

/// <summary>Balances and their transactions in Stripe's form: satoshis for bitcoin, with millisatoshis as text beside them.</summary>
internal static class StripeBalances
{
    public static StripeAnswer Answer(List<StoreBalance> balances, bool isLive) => StripeAnswer.Of(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object", "balance");
        Amounts(writer, "available", balances, static balance => balance.Available);
        writer.WriteBoolean("livemode", isLive);
        Amounts(writer, "pending", balances, static balance => balance.Pending);
        writer.WriteStartObject("tributary");
        foreach (var balance in balances)
        {
            writer.WriteStartObject(CurrencyOf(balance.Asset));
            Exact(writer, "available", balance.Available);
            Exact(writer, "pending", balance.Pending);
            Exact(writer, "refunds_under_way", balance.RefundsUnderWay);
            Exact(writer, "payouts_under_way", balance.PayoutsUnderWay);
            Exact(writer, "shoppers_excess", balance.ShopperExcess);
            writer.WriteString("unit", balance.Asset.Code);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public static void Write(Utf8JsonWriter writer, BalanceTransaction entry)
    {
        var (type, category, description) = Kind(entry);
        writer.WriteStartObject();
        writer.WriteString("id", entry.Id);
        writer.WriteString("object", "balance_transaction");
        writer.WriteNumber("amount", Minor(entry.Asset, entry.Amount));
        writer.WriteNumber("available_on", entry.At.ToUnixTimeSeconds());
        writer.WriteString("balance_type", "payments");
        writer.WriteNumber("created", entry.At.ToUnixTimeSeconds());
        writer.WriteString("currency", CurrencyOf(entry.Asset));
        writer.WriteString("description", description);
        writer.WriteNull("exchange_rate");
        var fee = Minor(entry.Asset, entry.Fee);
        writer.WriteNumber("fee", fee);
        writer.WriteStartArray("fee_details");
        if (fee != 0)
        {
            writer.WriteStartObject();
            writer.WriteNumber("amount", fee);
            writer.WriteNull("application");
            writer.WriteString("currency", CurrencyOf(entry.Asset));
            writer.WriteString("description", "Network fee");
            writer.WriteString("type", "payment_method_passthrough_fee");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("net", Minor(entry.Asset, entry.Amount) - fee);
        writer.WriteString("reporting_category", category);
        writer.WriteString("source", entry.Source.StartsWith("pi_", StringComparison.Ordinal) ? "ch_" + entry.Source[3..] : entry.Source);
        writer.WriteString("status", "available");
        writer.WriteString("type", type);
        writer.WriteStartObject("tributary");
        writer.WriteString("reason", entry.Reason);
        writer.WriteString("unit", entry.Asset.Code);
        Exact(writer, "amount", entry.Amount);
        Exact(writer, "fee", entry.Fee);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Stripe's words for the kinds; those that only its other products have stand for nothing here.</summary>
    public static IReadOnlyDictionary<string, BalanceKind?> Types { get; } = new Dictionary<string, BalanceKind?>(StringComparer.Ordinal)
    {
        ["adjustment"] = BalanceKind.Adjustment,
        ["charge"] = BalanceKind.Charge,
        ["payout"] = BalanceKind.Payout,
        ["payout_failure"] = BalanceKind.PayoutFailure,
        ["refund"] = BalanceKind.Refund,
        ["refund_failure"] = BalanceKind.RefundFailure,
        ["application_fee"] = null,
        ["application_fee_refund"] = null,
        ["payment"] = null,
        ["payment_failure_refund"] = null,
        ["payment_refund"] = null,
        ["payment_reversal"] = null,
        ["payout_cancel"] = null,
        ["stripe_fee"] = null,
        ["topup"] = null,
        ["topup_reversal"] = null,
        ["transfer"] = null,
        ["transfer_refund"] = null,
    };

    private static (string Type, string Category, string Description) Kind(BalanceTransaction entry) => entry.Kind switch
    {
        BalanceKind.Charge => ("charge", "charge", "Payment"),
        BalanceKind.Refund => ("refund", "refund", "Refund"),
        BalanceKind.RefundFailure => ("refund_failure", "refund_failure", "A refund that was not paid"),
        BalanceKind.Payout => ("payout", "payout", "Payout"),
        BalanceKind.PayoutFailure => ("payout_failure", "payout_reversal", "A payout that was not paid"),
        _ when entry.Source.StartsWith("pi_", StringComparison.Ordinal) => ("adjustment", "other_adjustment", "A payment that was taken back by the chain"),
        _ when entry.Source.StartsWith("dp_", StringComparison.Ordinal) => ("adjustment", entry.Amount < 0 ? "dispute" : "dispute_reversal", "Dispute"),
        _ => ("adjustment", "other_adjustment", "Adjustment"),
    };

    private static void Amounts(Utf8JsonWriter writer, string name, List<StoreBalance> balances, Func<StoreBalance, long> amount)
    {
        writer.WriteStartArray(name);
        foreach (var balance in balances)
        {
            var minor = Minor(balance.Asset, amount(balance));
            writer.WriteStartObject();
            writer.WriteNumber("amount", minor);
            writer.WriteString("currency", CurrencyOf(balance.Asset));
            writer.WriteStartObject("source_types");
            if (balance.Asset != Asset.Bitcoin)
                writer.WriteNumber("card", minor);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // Rounded down, whichever sign: nobody is shown more than there is.
    private static long Minor(Asset asset, long amount) => asset == Asset.Bitcoin ? (long)Math.Floor((decimal)amount / 1000) : amount;

    private static string CurrencyOf(Asset asset) => asset == Asset.Bitcoin ? "btc" : asset.Code;

    private static void Exact(Utf8JsonWriter writer, string name, long amount) => writer.WriteString(name, amount.ToString(CultureInfo.InvariantCulture));
}
