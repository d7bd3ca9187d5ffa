using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Stores;

/// <summary>What the routes of stores do.</summary>
internal sealed class StoreHandlers(StoreRecords stores, IDatabase database, TimeProvider clock)
{
    private const int StoresMax = 100;
    private const int LookMax = 2000;
    private static readonly TimeSpan s_expirationMax = TimeSpan.FromDays(24);

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withArchived = call.Query.Flag("includeArchived") ?? false;
        if (call.Finish() is { } refusal)
            return refusal;
        var ids = call.Caller!.StoresFor(Policies.CanViewStoreSettings).ToArray();
        var found = await database.ReadAsync(
            async (transaction, token) =>
            {
                var records = new List<StoreRecord>();
                foreach (var id in ids)
                {
                    if (await StoreRecords.FindAsync(transaction, id, token) is { } record && (withArchived || !record.IsArchived))
                        records.Add(record);
                }

                return records;
            },
            cancellationToken);
        return GreenfieldAnswer.List(found.OrderBy(static store => store.CreatedAt), StoreJson.Write);
    }

    public async Task<GreenfieldAnswer> RetrieveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await FindAsync(call.StoreId, cancellationToken) is { } store ? GreenfieldAnswer.Of(writer => StoreJson.Write(writer, store)) : GreenfieldErrors.Missing("store");
    }

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var name = ReadName(call.Body);
        var settings = Read(call.Body, new StoreSettings());
        if (call.Finish() is { } refusal)
            return refusal;
        if (call.Caller!.User.Stores.Count >= StoresMax)
            return GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "too-many-stores", $"A user has at most {StoresMax} stores.");
        var user = call.Caller.User.Id;
        var made = await database.WriteAsync(
            async (transaction, token) =>
            {
                var store = await stores.CreateAsync(transaction, name, settings, token);
                await transaction.ExecuteOneAsync(
                    "INSERT INTO store_users (store_id, user_id, role, created_at) VALUES (@store, @user, @role, @at)",
                    new SqlArguments { { "store", store.Id }, { "user", user }, { "role", nameof(MemberRole.Owner) }, { "at", clock.GetUtcNow() } },
                    token);
                return store;
            },
            cancellationToken);
        return GreenfieldAnswer.Of(writer => StoreJson.Write(writer, made));
    }

    public async Task<GreenfieldAnswer> UpdateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var name = ReadName(call.Body);
        var archived = call.Body.Flag("archived");
        var before = call.Record is null ? await FindAsync(call.StoreId, cancellationToken) : new StoreRecord("", "", new StoreSettings(), false, default);
        if (before is null)
            return GreenfieldErrors.Missing("store");
        var settings = Read(call.Body, before.Settings);
        if (call.Finish() is { } refusal)
            return refusal;
        var after = before with { Name = name, Settings = settings, IsArchived = archived ?? before.IsArchived };
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await StoreRecords.UpdateAsync(transaction, after, token);
                return true;
            },
            cancellationToken);
        return GreenfieldAnswer.Of(writer => StoreJson.Write(writer, after));
    }

    public async Task<GreenfieldAnswer> DeleteAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var id = call.StoreId;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await StoreRecords.FindAsync(transaction, id, token) is not { } store)
                    return GreenfieldErrors.Missing("store");
                var isHome = string.Equals(id, PaymentStart.FirstStore, StringComparison.Ordinal)
                    || await transaction.QueryAsync("SELECT 1 FROM members WHERE store_id = @id LIMIT 1", new SqlArguments { { "id", id } }, static row => row.Integer(0), token) is not [];
                if (isHome)
                    return GreenfieldErrors.Of(StatusCodes.Status409Conflict, "store-in-use", "A team works in this store: it can be archived and not deleted.");
                await stores.DeleteAsync(transaction, store with { IsArchived = true }, token);
                await transaction.ExecuteAsync("DELETE FROM store_users WHERE store_id = @id", new SqlArguments { { "id", id } }, token);
                await transaction.ExecuteAsync(
                    "UPDATE webhook_endpoints SET deleted_at = @at WHERE store_id = @id AND deleted_at IS NULL", new SqlArguments { { "at", clock.GetUtcNow() }, { "id", id } }, token);
                return GreenfieldAnswer.Done;
            },
            cancellationToken);
    }

    internal async Task<StoreRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => StoreRecords.FindAsync(transaction, id, token), cancellationToken);

    private static string ReadName(GreenfieldBody body)
    {
        var name = body.RequiredText("name", 100).Trim();
        if (name.Length == 0 && body.Has("name"))
            body.Refuse("name", "A name has 1 to 100 characters.");
        return name;
    }

    // What is absent stays as it was. Choices that would change what is paid, and that this server does not make, are refused and not passed over.
    private static StoreSettings Read(GreenfieldBody body, StoreSettings before)
    {
        var currency = before.DefaultCurrency;
        if (body.Text("defaultCurrency", 10) is { Length: > 0 } code && !Currency.TryParse(code, out currency))
            body.Refuse("defaultCurrency", $"{code} is no currency that this server knows.");
        if (body.Flag("anyoneCanCreateInvoice") == true)
            body.Refuse("anyoneCanCreateInvoice", "Invoices are made with an API key.");
        if (body.Find("paymentMethodCriteria") is { ValueKind: JsonValueKind.Array } criteria && criteria.GetArrayLength() > 0)
            body.Refuse("paymentMethodCriteria", "Payment methods are enabled for all amounts.");
        var receipt = body.Inner("receipt");
        return before with
        {
            Website = Changed(body, "website", before.Website),
            SupportUrl = Changed(body, "supportUrl", before.SupportUrl),
            DefaultCurrency = currency,
            InvoiceExpiration = Seconds(body, "invoiceExpiration", 60) ?? before.InvoiceExpiration,
            MonitoringExpiration = Seconds(body, "monitoringExpiration", 600) ?? before.MonitoringExpiration,
            SpeedPolicy = body.Word("speedPolicy", StoreJson.SpeedPolicies) ?? before.SpeedPolicy,
            LightningDescriptionTemplate = body.Text("lightningDescriptionTemplate", 500) ?? before.LightningDescriptionTemplate,
            RedirectsAutomatically = body.Flag("redirectAutomatically") ?? before.RedirectsAutomatically,
            DefaultLanguage = body.Text("defaultLang", 20) ?? before.DefaultLanguage,
            HtmlTitle = Changed(body, "htmlTitle", before.HtmlTitle),
            Receipt = new ReceiptChoice(receipt.Flag("enabled"), receipt.Flag("showQR"), receipt.Flag("showPayments")).Or(before.Receipt),
            IsLazy = body.Flag("lazyPaymentMethods") ?? before.IsLazy,
            ToleranceBasisPoints = StoreJson.ReadTolerance(body) ?? before.ToleranceBasisPoints,
            DefaultRail = ReadDefault(body) ?? before.DefaultRail,
            RefundInvoiceDaysMin = (int?)body.Integer("refundBOLT11Expiration", 0, 3650) ?? before.RefundInvoiceDaysMin,
            Looks = ReadLooks(body, before.Looks),
        };
    }

    private static RailKind? ReadDefault(GreenfieldBody body)
    {
        if (body.Text("defaultPaymentMethod", 50) is not { Length: > 0 } text)
            return null;
        if (MethodIds.Normalise(text) is { } id)
            return MethodIds.RailOf(id);
        body.Refuse("defaultPaymentMethod", $"{text} is no payment method of this server.");
        return null;
    }

    private static ImmutableSortedDictionary<string, string> ReadLooks(GreenfieldBody body, ImmutableSortedDictionary<string, string> before)
    {
        var looks = before;
        foreach (var name in StoreJson.Looks.Keys)
        {
            if (body.Find(name) is not { } value)
                continue;
            if (value.GetRawText().Length > LookMax || value.ValueKind == JsonValueKind.Object)
                body.Refuse(name, $"A value of at most {LookMax} characters is expected.");
            else
                looks = looks.SetItem(name, value.GetRawText());
        }

        return looks;
    }

    private static TimeSpan? Seconds(GreenfieldBody body, string name, int least) =>
        body.Integer(name, least, (long)s_expirationMax.TotalSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds / 60 * 60) : null;

    private static string? Changed(GreenfieldBody body, string name, string? before) => body.Text(name, 2000) is { } text ? text.Length == 0 ? null : text : before;
}
