using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Refunds;

/// <summary>
/// Chooses the money of a refund. One refund is one transfer: either of one card payment, or of bitcoin, whatever rails it came by. Bitcoin goes
/// out in whole satoshis, rounded down, since a chain knows nothing smaller.
/// </summary>
public static class RefundPlanner
{
    private const long MilliSatoshisPerSatoshi = 1000;

    /// <summary>Money that counted for the intent.</summary>
    /// <param name="file">The payment.</param>
    /// <param name="amount">In the intent's currency; null for all that is left.</param>
    /// <param name="kind">Which rate.</param>
    /// <param name="now">The price of now, for <see cref="RefundRateKind.Current"/>, with its source and time.</param>
    public static Result<RefundPlan, PaymentError> Plan(PaymentFile file, CurrencyAmount? amount, RefundRateKind kind, RefundRate? now)
    {
        var rooms = RefundRoom.Of(file).Where(static room => room.Counted > 0).ToList();
        var left = rooms.Sum(static room => room.Counted);
        if (left == 0 && file.Disputes.Any(static dispute => dispute.TakesMoney))
            return PaymentError.Invalid("charge_disputed", null, $"Charge for {file.Intent.Id} has been charged back: what the bank has taken cannot be refunded.");
        if (left == 0)
        {
            return file.Refunds.Any(static refund => refund is { TakesMoney: true, IsExcess: false })
                ? PaymentError.Invalid("charge_already_refunded", null, $"Charge for {file.Intent.Id} has already been refunded.")
                : PaymentError.UnexpectedState("payment_intent_unexpected_state", "This payment intent does not have a successful charge to refund.");
        }

        if (amount is { } given && given.Currency != file.Intent.Amount.Currency)
            return PaymentError.Invalid("parameter_invalid", "currency", $"A refund is in the payment's currency, {file.Intent.Amount.Currency.Code}.");
        var wanted = amount?.MinorUnits ?? left;
        if (wanted < 1)
            return PaymentError.Invalid("parameter_invalid_integer", "amount", "The amount has to be at least one minor unit.");
        if (wanted > left)
        {
            return PaymentError.Invalid(
                "amount_too_large",
                "amount",
                $"Refund amount ({file.Intent.Amount with { MinorUnits = wanted }}) is greater than unrefunded amount on charge ({file.Intent.Amount with { MinorUnits = left }}).");
        }

        var groups = Groups(rooms);
        var group = groups.Find(group => group.Sum(static room => room.Counted) >= wanted);
        if (group is null)
        {
            var each = string.Join(", ", groups.Select(group => $"{file.Intent.Amount with { MinorUnits = group.Sum(static room => room.Counted) }}"));
            return PaymentError.Invalid("amount_too_large", "amount", $"The payment was made in parts by different methods, and each goes back on its own: refund at most {each}.");
        }

        return Take(file, group, wanted, kind, now);
    }

    /// <summary>What of the money that counted has not gone back and is not on its way, in the intent's currency.</summary>
    public static CurrencyAmount Left(PaymentFile file) =>
        file.Intent.Amount with { MinorUnits = RefundRoom.Of(file).Aggregate(0L, static (sum, room) => checked(sum + Math.Max(0, room.Counted))) };

    /// <summary>Of the money that counted and came over bitcoin rails, an amount of bitcoin whatever it is worth.</summary>
    /// <param name="file">The payment.</param>
    /// <param name="gross">Millisatoshis, whole satoshis.</param>
    public static Result<RefundPlan, PaymentError> PlanBitcoin(PaymentFile file, long gross)
    {
        if (gross < 1 || gross % MilliSatoshisPerSatoshi != 0)
            return PaymentError.Invalid("parameter_invalid_integer", "amount", "The amount has to be at least one satoshi, and whole.");
        var rooms = RefundRoom.Of(file).FindAll(static room => room.Attempt.Rail != RailKind.Card && room.Credited > 0);
        var most = rooms.Aggregate(0L, static (sum, room) => checked(sum + room.Credited));
        if (gross > most)
        {
            return PaymentError.Invalid(
                "amount_too_large", "amount", $"Of what came in bitcoin {new CurrencyAmount(most / MilliSatoshisPerSatoshi, Currency.Bitcoin)} can go back.");
        }

        var parts = new List<RefundPart>();
        var left = gross;
        var counted = 0L;
        foreach (var room in rooms)
        {
            var share = Math.Min(left, room.Credited);
            if (share == 0)
                break;
            left -= share;

            // As much as it stood for when it came; what rounding leaves goes with the last of the receipt.
            var worth = share == room.Credited
                ? room.Counted
                : Math.Min(room.Counted, (long)((UInt128)room.Receipt.Counted.MinorUnits * (UInt128)share / (UInt128)room.Receipt.Credited));
            counted = checked(counted + worth);
            parts.Add(new RefundPart(room.Receipt.Reference, worth, share));
        }

        return new RefundPlan(file.Intent.Amount with { MinorUnits = counted }, Asset.Bitcoin, gross, [.. parts], null, null);
    }

    /// <summary>All money that is the shopper's and not on its way back yet: at most one plan for each card payment, and one for bitcoin.</summary>
    /// <param name="file">The payment.</param>
    /// <param name="bitcoinMin">Less than this, in millisatoshis, is not worth a transfer.</param>
    public static List<RefundPlan> PlanExcess(PaymentFile file, long bitcoinMin)
    {
        var plans = new List<RefundPlan>();
        foreach (var group in Groups([.. RefundRoom.Of(file).Where(static room => room.Excess > 0)]))
        {
            var attempt = group[0].Attempt;
            var isCard = attempt.Rail == RailKind.Card;
            var parts = group.Select(static room => new RefundPart(room.Receipt.Reference, 0, room.Excess)).ToList();
            var gross = isCard ? parts.Sum(static part => part.Amount) : RoundDown(parts);
            if (gross == 0 || (!isCard && gross < bitcoinMin))
                continue;
            var amount = isCard ? file.Intent.Amount with { MinorUnits = gross } : new CurrencyAmount(gross / MilliSatoshisPerSatoshi, Currency.Bitcoin);
            plans.Add(new RefundPlan(amount, attempt.Asset, gross, [.. parts], null, isCard ? attempt : null));
        }

        return plans;
    }

    private static Result<RefundPlan, PaymentError> Take(PaymentFile file, List<RefundRoom> group, long wanted, RefundRateKind kind, RefundRate? now)
    {
        var first = group[0].Attempt;
        var isCard = first.Rail == RailKind.Card;
        var isRated = !isCard && !file.Intent.Amount.Currency.IsBitcoin;
        if (isRated && kind == RefundRateKind.Current && now is null)
            return PaymentError.Unavailable("rate_unavailable", "rate", "There is no current price of bitcoin in the payment's currency: refund at the original rate, or later.");
        var parts = new List<RefundPart>();
        var left = wanted;
        foreach (var room in group)
        {
            var counted = Math.Min(left, room.Counted);
            if (counted == 0)
                continue;
            left -= counted;

            // The last of a receipt takes what rounding left over.
            var share = counted == room.Counted
                ? room.Credited
                : (long)((UInt128)room.Receipt.Credited * (UInt128)counted / (UInt128)room.Receipt.Counted.MinorUnits);
            if (isRated && kind == RefundRateKind.Current)
                share = now!.Price.ToBitcoin(file.Intent.Amount with { MinorUnits = counted }).Value;
            parts.Add(new RefundPart(room.Receipt.Reference, counted, Math.Min(share, room.Credited)));
        }

        var gross = isCard ? parts.Sum(static part => part.Amount) : RoundDown(parts);
        if (gross == 0)
            return PaymentError.Invalid("amount_too_small", "amount", "This is worth less than a satoshi.");
        var rate = !isRated ? null
            : kind == RefundRateKind.Current ? now
            : first.Quote is { } quote ? new RefundRate(RefundRateKind.Original, quote.Price, quote.Source, quote.QuotedAt) : null;
        return new RefundPlan(file.Intent.Amount with { MinorUnits = wanted }, first.Asset, gross, [.. parts], rate, isCard ? first : null);
    }

    // A card's money goes back to that card; bitcoin is one heap.
    private static List<List<RefundRoom>> Groups(List<RefundRoom> rooms) =>
    [
        .. rooms.GroupBy(static room => room.Attempt.Rail == RailKind.Card ? room.Attempt.Id : "", StringComparer.Ordinal).Select(static group => group.ToList()),
    ];

    private static long RoundDown(List<RefundPart> parts)
    {
        var gross = parts.Aggregate(0L, static (sum, part) => checked(sum + part.Amount));
        var rest = gross % MilliSatoshisPerSatoshi;
        for (var i = parts.Count - 1; i >= 0 && rest > 0; i--)
        {
            var less = Math.Min(rest, parts[i].Amount);
            parts[i] = parts[i] with { Amount = parts[i].Amount - less };
            rest -= less;
        }

        return gross - (gross % MilliSatoshisPerSatoshi);
    }
}
