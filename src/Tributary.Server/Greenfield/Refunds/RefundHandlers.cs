using System.Text.Json;
using Tributary.Payments.Invoices;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.PullPayments;
using Tributary.Payments.Quotes;
using Tributary.Payments.Refunds;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.Invoices;
using Tributary.Server.Greenfield.PullPayments;

namespace Tributary.Server.Greenfield.Refunds;

/// <summary>Gives invoices back: the shopper claims the money of a pull payment.</summary>
internal sealed class RefundHandlers(InvoiceService invoices, PullPaymentService service, Quoter quoter)
{
    private const int NameMax = 50;
    private const int DescriptionMax = 5000;
    private const decimal MicroPercent = 1_000_000;
    private const long MilliSatoshisPerSatoshi = 1000;

    private static readonly Dictionary<string, RefundVariant> s_variants = Enum.GetValues<RefundVariant>().ToDictionary(static variant => variant.ToString(), StringComparer.Ordinal);

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var variant = body.Word("refundVariant", s_variants);
        if (variant is null && !body.Has("refundVariant"))
            call.Refuse("refundVariant", "`refundVariant` is mandatory.");
        var name = body.Text("name", NameMax);
        var description = body.Text("description", DescriptionMax);
        var percent = body.Number("subtractPercentage", 0, 100) ?? 0;
        if (percent * MicroPercent != decimal.Truncate(percent * MicroPercent))
            call.Refuse("subtractPercentage", "A percentage has at most six decimals.");
        var amount = body.AmountText("customAmount");
        var currency = body.Text("customCurrency", 10);
        if (variant is { } chosen && chosen != RefundVariant.Custom)
        {
            if (body.Has("customAmount"))
                call.Refuse("customAmount", "An amount is named with the variant Custom only.");
            if (body.Has("customCurrency"))
                call.Refuse("customCurrency", "A currency is named with the variant Custom only.");
        }

        var many = PayoutMethods.ReadMany(call);
        var one = body.Has("payoutMethods") || body.Has("paymentMethods") ? null : PayoutMethods.ReadOne(call, isRequired: false);
        CurrencyAmount? custom = null;
        if (variant == RefundVariant.Custom)
        {
            if (InvoiceMoney.TryParse(currency ?? "", amount ?? "", out var read, out _, out var problem))
                custom = read;
            else
                call.Refuse(problem.Path is "currency" ? "customCurrency" : "customAmount", problem.Message);
        }

        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } file)
            return GreenfieldErrors.Missing("invoice");
        var made = await service.CreateRefundAsync(
            new RefundPullRequest
            {
                StoreId = file.Invoice.StoreId,
                IsLive = file.Invoice.IsLive,
                IntentId = file.Invoice.IntentId,
                Variant = variant!.Value,
                SubtractMicroPercent = (int)(percent * MicroPercent),
                CustomAmount = custom,
                Name = name ?? $"Refund {file.Invoice.Id}",
                Description = description,
                Rails = many.IsEmpty && one is { } rail ? [rail] : many,
                Actor = call.Caller!.User.Id,
            },
            cancellationToken);
        if (made.TryGet(out var pull, out var error))
            return GreenfieldAnswer.Of(writer => PullPaymentObjects.Write(writer, pull, call.Origin));
        return error.Code is "nothing_overpaid"
            ? GreenfieldErrors.Validation("refundVariant", "Invoice is not overpaid.")
            : PullPaymentObjects.Refuse(error with { Code = error.Code is "charge_already_refunded" or "payment_intent_unexpected_state" ? "non_refundable" : error.Code }, "invoice");
    }

    /// <summary>What each variant would give back.</summary>
    public async Task<GreenfieldAnswer> PreviewAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } file)
            return GreenfieldErrors.Missing("invoice");
        if (MethodIds.Normalise(call.Route("paymentMethodId")) is null)
            return GreenfieldErrors.Missing("payment-method");
        var rooms = RefundRoom.Of(file.Payment).FindAll(static room => room.Attempt.Asset == Asset.Bitcoin);
        var left = RefundPlanner.Left(file.Payment);
        var then = rooms.Sum(static room => Math.Max(0, room.Credited));
        var excess = rooms.Sum(static room => Math.Max(0, room.Excess));
        var now = left.Currency.IsBitcoin ? then : quoter.PriceNow(left.Currency, 0) is { } price ? Math.Min(then, price.ToBitcoin(left).Value) : (long?)null;
        return GreenfieldAnswer.Of(writer => Write(writer, left, then, now, excess));
    }

    private static void Write(Utf8JsonWriter writer, CurrencyAmount left, long then, long? now, long excess)
    {
        writer.WriteStartObject();
        writer.Bitcoin("paymentAmountThen", then / MilliSatoshisPerSatoshi * MilliSatoshisPerSatoshi);
        writer.Bitcoin("paymentAmountNow", now / MilliSatoshisPerSatoshi * MilliSatoshisPerSatoshi);
        writer.Amount("invoiceAmount", left);
        writer.WriteString("paymentCurrency", "BTC");
        writer.WriteNumber("paymentCurrencyDivisibility", Currency.Bitcoin.Decimals);
        writer.WriteNumber("invoiceCurrencyDivisibility", left.Currency.Decimals);
        writer.WriteString("invoiceCurrency", left.Currency.Code.ToUpperInvariant());
        writer.Bitcoin("overpaidPaymentAmount", excess == 0 ? null : excess / MilliSatoshisPerSatoshi * MilliSatoshisPerSatoshi);
        writer.WriteEndObject();
    }

    private async Task<InvoiceFile?> FindAsync(GreenfieldCall call, CancellationToken cancellationToken) =>
        await invoices.FindAsync(call.Route("invoiceId"), cancellationToken) is { } file && file.Invoice.IsLive == call.IsLive && call.Owns(file.Invoice.StoreId) ? file : null;
}
