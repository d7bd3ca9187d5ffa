using System.Collections.Immutable;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Stores;
using Tributary.Server.Checkout;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.Stores;

namespace Tributary.Server.Greenfield.Invoices;

/// <summary>What the routes of invoices do.</summary>
internal sealed class InvoiceHandlers(InvoiceService invoices, StoreHandlers stores, CheckoutOffers offers, Quoter quoter, TimeProvider clock)
{
    private const int TakeDefault = 50;
    private const int TakeMax = 1000;
    private const int MinutesMax = 24 * 24 * 60;

    private static readonly Dictionary<string, InvoiceStatus> s_statuses = Enum.GetValues<InvoiceStatus>().ToDictionary(static status => status.ToString(), StringComparer.OrdinalIgnoreCase);

    // Is it a top-up?
    private static readonly Dictionary<string, bool> s_types = new(StringComparer.OrdinalIgnoreCase) { ["Standard"] = false, ["TopUp"] = true };

    private static readonly Dictionary<string, InvoiceMark> s_marks = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Settled"] = InvoiceMark.Settled,
        ["Invalid"] = InvoiceMark.Invalid,

        // What it was called before 1.3.
        ["MarkedComplete"] = InvoiceMark.Settled,
    };

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var amountText = body.AmountText("amount");
        var code = body.Text("currency", 10);
        var metadata = InvoiceMetadata.Read(body);
        var request = ReadCheckout(body, call.IsLive) with { SearchTerms = [.. body.Texts("additionalSearchTerms", 200, 50) ?? []] };
        var type = body.Word("type", s_types);
        var isTopUp = amountText is null && !body.Has("amount");
        if (call.Record is null && type is { } said && said != isTopUp)
            body.Refuse("amount", said ? "A top-up invoice takes its amount from what is paid: leave it out." : "A standard invoice has an amount; leave it out for a top-up.");
        if (call.Finish() is { } refusal)
            return refusal;
        if (await stores.FindAsync(call.StoreId, cancellationToken) is not { } store)
            return GreenfieldErrors.Missing("store");
        if (!InvoiceMoney.TryParse(string.IsNullOrWhiteSpace(code) ? store.Settings.DefaultCurrency.Code : code, isTopUp ? null : amountText, out var amount, out var asked, out var problem))
            return GreenfieldErrors.Validation(problem.Path, problem.Message);
        var made = await invoices.CreateAsync(
            store,
            request with
            {
                Amount = amount,
                IsTopUp = isTopUp,
                Currency = asked,
                Metadata = metadata.Text,
                OrderId = metadata.OrderId,
                BuyerEmail = CheckoutRules.CheckEmail(metadata.BuyerEmail) is null ? metadata.BuyerEmail : null,
                ItemDescription = metadata.ItemDescription,
                MetadataTexts = metadata.Texts,
            },
            cancellationToken);
        return made.TryGet(out var file, out var error) ? Answer(call, file) : GreenfieldErrors.Of(error, error.Parameter);
    }

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var query = call.Query;
        var orders = query.Texts("orderId", 500);
        var statuses = ImmutableArray.CreateBuilder<InvoiceStatus>();
        foreach (var word in query.Texts("status", 50))
        {
            if (s_statuses.TryGetValue(word, out var status))
                statuses.Add(status);
            else
                call.Refuse("status", $"One of {string.Join(", ", s_statuses.Keys)} is expected.");
        }

        var asked = new InvoiceQuery(call.Caller is null ? "" : call.StoreId, call.IsLive, query.Integer("skip", 0, int.MaxValue) ?? 0, query.Integer("take", 1, TakeMax) ?? TakeDefault)
        {
            OrderIds = [.. orders],
            Statuses = statuses.ToImmutable(),
            Text = query.Text("textSearch", 200),
            From = query.Time("startDate"),
            Until = query.Time("endDate"),
            IncludesArchived = query.Flag("includeArchived") ?? false,
        };
        var withMethods = query.Flag("includePaymentMethods") ?? false;
        if (call.Finish() is { } refusal)
            return refusal;
        var files = await invoices.ListAsync(asked, cancellationToken);
        return GreenfieldAnswer.List(files, (writer, file) => InvoiceJson.Write(writer, file, call.Origin, withMethods ? Methods(file) : null));
    }

    public async Task<GreenfieldAnswer> RetrieveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withMethods = call.Query.Flag("includePaymentMethods") ?? false;
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } file)
            return GreenfieldErrors.Missing("invoice");
        return GreenfieldAnswer.Of(writer => InvoiceJson.Write(writer, file, call.Origin, withMethods ? Methods(file) : null));
    }

    public async Task<GreenfieldAnswer> UpdateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var metadata = InvoiceMetadata.Read(call.Body);
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } before)
            return GreenfieldErrors.Missing("invoice");
        if (!call.Body.Has("metadata"))
            return Answer(call, before);
        var after = await invoices.DescribeAsync(before.Invoice.Id, metadata.Text, metadata.OrderId, metadata.Texts, cancellationToken);
        return after is null ? GreenfieldErrors.Missing("invoice") : Answer(call, after);
    }

    public async Task<GreenfieldAnswer> ArchiveAsync(GreenfieldCall call, bool isArchived, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } before)
            return GreenfieldErrors.Missing("invoice");
        var after = await invoices.ArchiveAsync(before.Invoice.Id, isArchived, cancellationToken);
        if (after is null)
            return GreenfieldErrors.Missing("invoice");
        return isArchived ? GreenfieldAnswer.Done : Answer(call, after);
    }

    public async Task<GreenfieldAnswer> MarkAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var mark = call.Body.Word("status", s_marks);
        if (call.Record is null && mark is null && !call.Body.Has("status"))
            call.Refuse("status", "Settled or Invalid is expected.");
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } before)
            return GreenfieldErrors.Missing("invoice");
        var marked = await invoices.MarkAsync(before.Invoice.Id, mark!.Value, cancellationToken);
        return marked.TryGet(out var after, out var error) ? Answer(call, after) : GreenfieldErrors.Of(error, "status");
    }

    public async Task<GreenfieldAnswer> MethodsAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withGone = call.Query.Flag("onlyAccountedPayments") == false;
        _ = call.Query.Flag("includeSensitive");
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } file)
            return GreenfieldErrors.Missing("invoice");
        var invoice = file.Invoice;
        var (payment, _) = await offers.EnsureAsync(file.Payment, rail => !invoice.IsLazy || invoice.ActivatedRails.Contains(rail), cancellationToken);
        return GreenfieldAnswer.List(Methods(file with { Payment = payment }), (writer, method) => method.Write(writer, withGone));
    }

    public async Task<GreenfieldAnswer> ActivateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } file)
            return GreenfieldErrors.Missing("invoice");
        if (MethodIds.Normalise(call.Route("paymentMethodId")) is not { } id || MethodIds.RailOf(id) is not { } rail || !file.Invoice.Rails.Contains(rail))
            return GreenfieldErrors.Missing("paymentmethod");
        await invoices.ActivateAsync(file.Invoice.Id, rail, cancellationToken);
        var (_, refusals) = await offers.EnsureAsync(file.Payment, wanted => wanted == rail, cancellationToken);
        return refusals.IsEmpty ? GreenfieldAnswer.Done : GreenfieldErrors.Of(refusals[0]);
    }

    private async Task<InvoiceFile?> FindAsync(GreenfieldCall call, CancellationToken cancellationToken) =>
        await invoices.FindAsync(call.Route("invoiceId"), cancellationToken) is { } file && file.Invoice.IsLive == call.IsLive && call.Owns(file.Invoice.StoreId) ? file : null;

    private IEnumerable<InvoiceMethod> Methods(InvoiceFile file)
    {
        var now = clock.GetUtcNow();
        return file.Invoice.Rails.Select(rail => InvoiceMethod.Of(file, rail, quoter, now));
    }

    private static GreenfieldAnswer Answer(GreenfieldCall call, InvoiceFile file) => GreenfieldAnswer.Of(writer => InvoiceJson.Write(writer, file, call.Origin, null));

    private static InvoiceRequest ReadCheckout(GreenfieldBody body, bool isLive)
    {
        var checkout = body.Inner("checkout");
        var receipt = body.Inner("receipt");
        var rails = ImmutableArray.CreateBuilder<RailKind>();
        foreach (var text in checkout.Texts("paymentMethods", 50, 20) ?? [])
        {
            if (MethodIds.Normalise(text) is { } id && MethodIds.RailOf(id) is { } rail)
            {
                if (!rails.Contains(rail))
                    rails.Add(rail);
            }
            else
            {
                checkout.Refuse("paymentMethods", $"{text} is no payment method of this server.");
            }
        }

        RailKind? preferred = null;
        if (checkout.Text("defaultPaymentMethod", 50) is { Length: > 0 } asked)
        {
            preferred = MethodIds.Normalise(asked) is { } id ? MethodIds.RailOf(id) : null;
            if (preferred is null)
                checkout.Refuse("defaultPaymentMethod", $"{asked} is no payment method of this server.");
        }

        return new InvoiceRequest
        {
            IsLive = isLive,
            Amount = new CurrencyAmount(0, Currency.Bitcoin),
            Currency = "",
            Metadata = "{}",
            SpeedPolicy = checkout.Word("speedPolicy", StoreJson.SpeedPolicies),
            Rails = rails.ToImmutable(),
            DefaultRail = preferred,
            IsLazy = checkout.Flag("lazyPaymentMethods"),
            ToleranceBasisPoints = StoreJson.ReadTolerance(checkout),
            Expiration = checkout.Integer("expirationMinutes", 1, MinutesMax) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            Monitoring = checkout.Integer("monitoringMinutes", 0, MinutesMax) is { } more ? TimeSpan.FromMinutes(more) : null,
            RedirectUrl = checkout.Text("redirectURL", 5000) is { Length: > 0 } url ? url : null,
            RedirectsAutomatically = checkout.Flag("redirectAutomatically"),
            DefaultLanguage = checkout.Text("defaultLanguage", 20),
            Receipt = new ReceiptChoice(receipt.Flag("enabled"), receipt.Flag("showQR"), receipt.Flag("showPayments")),
        };
    }
}
