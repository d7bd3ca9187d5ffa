using System.Collections.Immutable;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Quotes;
using Tributary.Payments.Storage;
using Tributary.Payments.Stores;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Invoices;

/// <summary>Makes invoices, each with its payment intent and the page that it is paid on, in one transaction; changes what a merchant says about them.</summary>
public sealed class InvoiceService(IDatabase database, PaymentService payments, PaymentStore store, InvoiceStore invoices, ObjectIds ids, Quoter quoter)
{
    public const int MetadataMax = 64 * 1024;
    public static readonly TimeSpan ExpirationMax = TimeSpan.FromDays(24);
    private const int IdLength = 22;
    private const int SecretLength = 24;

    /// <summary>Creates an invoice.</summary>
    public async Task<Result<InvoiceFile, PaymentError>> CreateAsync(StoreRecord owner, InvoiceRequest request, CancellationToken cancellationToken)
    {
        var settings = owner.Settings;
        var rails = RailsOf(settings, request.Rails);
        if (rails.IsEmpty)
            return PaymentError.Invalid("payment_method_not_available", "checkout.paymentMethods", "None of these payment methods is enabled in this store.");
        var expiration = request.Expiration ?? settings.InvoiceExpiration;
        if (CheckoutRules.CheckUrl(request.RedirectUrl, "checkout.redirectURL", request.IsLive) is { } unfit)
            return unfit;
        var hold = TimeSpan.FromMinutes(1);
        var quoted = request.IsTopUp
            ? quoter.TryRate(request.Amount.Currency, settings.SpreadBasisPoints ?? 0, hold)
            : quoter.TryQuote(request.Amount, settings.SpreadBasisPoints ?? 0, hold);
        if (!quoted.TryGet(out _, out var unpriced))
            return unpriced;
        var id = ids.Token(IdLength);
        var policy = request.SpeedPolicy ?? settings.SpeedPolicy;
        var drafted = payments.Draft(new PaymentRequest
        {
            StoreId = owner.Id,
            IsLive = request.IsLive,
            Amount = request.Amount,
            IsTopUp = request.IsTopUp,
            Rails = rails,
            Description = Describe(owner, request),
            ReceiptEmail = request.BuyerEmail,
            Metadata = MetadataOf(id, request.OrderId),
            Lifetime = expiration,
            InvoiceId = id,
            Terms = new PaymentTerms
            {
                OfferLifetime = expiration < Quoter.HoldMax ? expiration : Quoter.HoldMax,
                SpreadBasisPoints = settings.SpreadBasisPoints,
                ConfirmationsMin = ConfirmationsOf(policy),
                ToleranceBasisPoints = request.ToleranceBasisPoints ?? settings.ToleranceBasisPoints,
            },
        });
        if (!drafted.TryGet(out var payment, out var refused))
            return refused;
        var session = SessionOf(owner, request, payment, id);
        var file = new InvoiceFile(
            new Invoice
            {
                Id = id,
                StoreId = owner.Id,
                IsLive = request.IsLive,
                IntentId = payment.Intent.Id,
                SessionId = session.Id,
                Currency = request.Currency,
                Metadata = request.Metadata,
                OrderId = request.OrderId,
                SpeedPolicy = policy,
                Rails = rails,
                DefaultRail = request.DefaultRail ?? settings.DefaultRail,
                IsLazy = request.IsLazy ?? settings.IsLazy,
                Expiration = expiration,
                Monitoring = request.Monitoring ?? settings.MonitoringExpiration,
                RedirectUrl = request.RedirectUrl,
                RedirectsAutomatically = request.RedirectsAutomatically ?? settings.RedirectsAutomatically,
                DefaultLanguage = request.DefaultLanguage,
                Receipt = request.Receipt.Or(settings.Receipt),
                SearchTerms = request.SearchTerms,
                CreatedAt = payment.Intent.CreatedAt,
                ExpiresAt = payment.Intent.ExpiresAt,
            },
            payment);
        var search = string.Join(' ', request.MetadataTexts);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await store.InsertAsync(transaction, payment, token);
                await CheckoutService.InsertAsync(transaction, session, token);
                await invoices.InsertAsync(transaction, file, search, token);
                return true;
            },
            cancellationToken);
        payments.Pulse();
        return file;
    }

    /// <summary>An invoice; null where there is none of that name.</summary>
    public async Task<InvoiceFile?> FindAsync(string invoiceId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => InvoiceStore.FindAsync(transaction, invoiceId, token), cancellationToken);

    public async Task<List<InvoiceFile>> ListAsync(InvoiceQuery query, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => InvoiceStore.ListAsync(transaction, query, token), cancellationToken);

    /// <summary>Changes the merchant's own data.</summary>
    public Task<InvoiceFile?> DescribeAsync(string invoiceId, string metadata, string? orderId, ImmutableArray<string> texts, CancellationToken cancellationToken) =>
        ChangeAsync(invoiceId, invoice => invoice with { Metadata = metadata, OrderId = orderId }, string.Join(' ', texts), cancellationToken);

    /// <summary>Takes an invoice out of the lists, or back in.</summary>
    public Task<InvoiceFile?> ArchiveAsync(string invoiceId, bool isArchived, CancellationToken cancellationToken) =>
        ChangeAsync(invoiceId, invoice => invoice with { IsArchived = isArchived }, null, cancellationToken);

    /// <summary>Notes that a rail of a lazy invoice is wanted.</summary>
    public Task<InvoiceFile?> ActivateAsync(string invoiceId, RailKind rail, CancellationToken cancellationToken) => ChangeAsync(
        invoiceId, invoice => invoice.ActivatedRails.Contains(rail) ? invoice : invoice with { ActivatedRails = invoice.ActivatedRails.Add(rail) }, null, cancellationToken);

    /// <summary>
    /// Notes what a person says an invoice is. Where it could still be paid, its intent ends in the same transaction, so that nobody pays what is
    /// settled otherwise or will not be served; money that has come is moved by none of it.
    /// </summary>
    public async Task<Result<InvoiceFile, PaymentError>> MarkAsync(string invoiceId, InvoiceMark mark, CancellationToken cancellationToken)
    {
        var marked = await database.WriteAsync<Result<InvoiceFile, PaymentError>>(
            async (transaction, token) =>
            {
                if (await InvoiceStore.FindAsync(transaction, invoiceId, token) is not { } was)
                    return PaymentError.Missing("invoice", invoiceId);
                if (!MarksFor(was).Contains(mark))
                    return PaymentError.UnexpectedState("invalid_status", $"An invoice that is {was.Status} cannot be marked as {mark}.");
                var now = was with { Invoice = was.Invoice with { Mark = mark } };

                // First, so that the end of the intent is no news of its own.
                await invoices.UpdateAsync(transaction, now, null, [], token);
                var payment = was.Payment;
                if (payment.Intent.Status is IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction)
                {
                    var ended = await payments.CancelAsync(transaction, payment, CancellationReason.RequestedByCustomer, token);
                    if (!ended.TryGet(out payment, out var refused))
                        return refused;
                }

                now = now with { Payment = payment };
                await invoices.FollowAsync(transaction, now, InvoiceFollower.Differences(was, now), token);
                return now;
            },
            cancellationToken);
        payments.Pulse();
        return marked;
    }

    /// <summary>What an invoice can be said to be.</summary>
    public static ImmutableArray<InvoiceMark> MarksFor(InvoiceFile file) => file.Status switch
    {
        InvoiceStatus.Settled => [InvoiceMark.Invalid],
        InvoiceStatus.Invalid => [InvoiceMark.Settled],
        _ => [InvoiceMark.Settled, InvoiceMark.Invalid],
    };

    /// <summary>The rails that a store offers, of those that were asked for.</summary>
    public static ImmutableArray<RailKind> RailsOf(StoreSettings settings, ImmutableArray<RailKind> asked) =>
        [.. ((ReadOnlySpan<RailKind>)[RailKind.OnChain, RailKind.Lightning]).ToArray().Where(rail => !settings.DisabledRails.Contains(rail) && (asked.IsEmpty || asked.Contains(rail)))];

    private static int ConfirmationsOf(SpeedPolicy policy) => policy switch { SpeedPolicy.LowSpeed => 6, SpeedPolicy.LowMediumSpeed => 2, _ => 1 };

    private static ImmutableSortedDictionary<string, string> MetadataOf(string id, string? orderId)
    {
        var metadata = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("invoice_id", id);
        return orderId is { Length: > 0 and <= 500 } ? metadata.Add("order_id", orderId) : metadata;
    }

    private static string Describe(StoreRecord owner, InvoiceRequest request)
    {
        var text = owner.Settings.LightningDescriptionTemplate
            .Replace("{StoreName}", owner.Name, StringComparison.Ordinal)
            .Replace("{ItemDescription}", request.ItemDescription ?? "", StringComparison.Ordinal)
            .Replace("{OrderId}", request.OrderId ?? "", StringComparison.Ordinal);
        return text.Length <= 500 ? text : text[..499] + "…";
    }

    private CheckoutSession SessionOf(StoreRecord owner, InvoiceRequest request, PaymentFile payment, string id)
    {
        var name = request.ItemDescription is { Length: > 0 } item ? item : request.OrderId is { Length: > 0 } order ? $"{owner.Name}: {order}" : owner.Name;
        return new CheckoutSession
        {
            Id = ids.Next(request.IsLive ? "cs_live" : "cs_test"),
            StoreId = owner.Id,
            IsLive = request.IsLive,
            IntentId = payment.Intent.Id,
            Secret = ids.Random(SecretLength),
            Currency = request.Amount.Currency,
            Lines = [new CheckoutLine(name.Length <= CheckoutLine.NameMax ? name : name[..(CheckoutLine.NameMax - 1)] + "…", null, request.Amount.MinorUnits, 1) { Id = ids.Next("li") }],
            SuccessUrl = request.RedirectUrl?
                .Replace("{InvoiceId}", Uri.EscapeDataString(id), StringComparison.OrdinalIgnoreCase)
                .Replace("{OrderId}", Uri.EscapeDataString(request.OrderId ?? ""), StringComparison.OrdinalIgnoreCase),
            CustomerEmail = request.BuyerEmail,
            ClientReferenceId = request.OrderId is { Length: <= 200 } ? request.OrderId : null,
            CreatedAt = payment.Intent.CreatedAt,
            ExpiresAt = payment.Intent.ExpiresAt,
        };
    }

    private async Task<InvoiceFile?> ChangeAsync(string invoiceId, Func<Invoice, Invoice> change, string? search, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            if (await InvoiceStore.FindAsync(transaction, invoiceId, token) is not { } was)
                return null;
            var now = was with { Invoice = change(was.Invoice) };
            await invoices.UpdateAsync(transaction, now, search, [], token);
            return now;
        },
        cancellationToken);
}
