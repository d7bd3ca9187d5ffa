using System.Collections.Immutable;
using Tributary.Payments;
using Tributary.Payments.Checkout;
using Tributary.Payments.Customers;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of payment intents do.</summary>
internal sealed class IntentHandlers(PaymentService payments, CardKeeper keeper, IDatabase database)
{
    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var amount = parameters.Integer("amount");
        parameters.Require("amount", amount is not null);
        var code = parameters.Text("currency", 10);
        parameters.Require("currency", code is not null);
        if (!Currency.TryParse(code, out var currency) && code is not null)
            parameters.Refuse("parameter_invalid", "currency", $"Invalid currency: {code}. A three-letter ISO code, or btc.");
        var capture = parameters.Word("capture_method", StripeWords.CaptureMethods) ?? CaptureMethod.Automatic;
        var rails = ReadRails(parameters);
        var isConfirmed = parameters.Flag("confirm") ?? false;
        var customer = parameters.Text("customer", 100);
        var description = parameters.Text("description", 1000);
        var metadata = parameters.Metadata();
        parameters.Inner("automatic_payment_methods")?.Ignore("enabled", "allow_redirects");
        parameters.Ignore("confirmation_method", "use_stripe_sdk", "expand");
        if (parameters.IsText("return_url") && !isConfirmed)
            parameters.Refuse("parameter_invalid", "return_url", "A return_url goes with the confirmation: send confirm=true, or send it when you confirm.");
        var usage = parameters.Text("setup_future_usage", 20);
        if (usage is not null and not ("off_session" or "on_session"))
            parameters.Refuse("parameter_invalid", "setup_future_usage", "Invalid setup_future_usage: must be one of off_session, on_session.");
        var email = parameters.Text("receipt_email", 512);
        var statement = parameters.Text("statement_descriptor", 22);
        var shipping = ShippingParameters.Read(parameters);
        var confirm = WithPayer(parameters, RiskParameters.With(parameters, ReadConfirm(parameters, isConfirmed)), call);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);

        var request = new PaymentRequest
        {
            StoreId = call.Request.Key.StoreId,
            IsLive = call.Request.Key.IsLive,
            Amount = new CurrencyAmount(amount!.Value, currency),
            CaptureMethod = capture,
            Rails = rails,
            CustomerId = customer,
            Description = description,
            ReceiptEmail = email,
            StatementDescriptor = statement,
            Shipping = shipping,
            SetupFutureUsage = usage,
            Metadata = metadata,
        };
        if (await CheckCustomerAsync(customer, call, cancellationToken) is { } stranger)
            return StripeErrors.Of(stranger);
        if (confirm is not null && !(await ResolveAsync(confirm, call, cancellationToken)).TryGet(out confirm, out var unknown))
            return StripeErrors.Of(unknown);
        if (confirm is not null && payments.Check(request, confirm) is { } impossible)
            return StripeErrors.Of(impossible);
        var id = call.Resumed;
        if (id is null)
        {
            var created = await payments.CreateAsync(request, isConfirmed ? call.GoingOn() : call.Answering(call.Intent), cancellationToken);
            if (!created.TryGet(out var file, out var refused))
                return StripeErrors.Of(refused);
            if (!isConfirmed)
                return call.Intent(file);
            id = file.Intent.Id;
        }

        return await ConfirmAsync(id, confirm!, call, cancellationToken);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("expand", "client_secret");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } file ? call.Intent(file) : StripeCall.Missing(id);
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var customer = parameters.Text("customer", 100);
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);

        var key = call.Request.Key;
        var query = new IntentQuery(key.StoreId, key.IsLive, page.Limit + 1) { CustomerId = customer, Created = page.Created, After = page.After, Before = page.Before };
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeCall.Missing(cursor);
        var files = await database.ReadAsync((transaction, token) => PaymentStore.ListAsync(transaction, query, token), cancellationToken);
        return page.Answer("/v1/payment_intents", files, (writer, file) => StripeIntents.Write(writer, file, call.Origin));
    }

    public async Task<StripeAnswer> ConfirmAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("use_stripe_sdk", "expand", "client_secret");
        var confirm = WithPayer(call.Parameters, RiskParameters.With(call.Parameters, ReadConfirm(call.Parameters, isRequired: true)), call);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is null)
            return StripeCall.Missing(id);
        return (await ResolveAsync(confirm!, call, cancellationToken)).TryGet(out confirm, out var unknown)
            ? await ConfirmAsync(id, confirm, call, cancellationToken)
            : StripeErrors.Of(unknown);
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var edit = new IntentEdit
        {
            Amount = parameters.Integer("amount"),
            CustomerId = Edited(parameters, "customer", 100),
            Description = Edited(parameters, "description", 1000),
            ReceiptEmail = Edited(parameters, "receipt_email", 512),
            StatementDescriptor = Edited(parameters, "statement_descriptor", 22),
            Shipping = ShippingParameters.Read(parameters),
            Merge = parameters.Merge("metadata"),
        };
        var code = parameters.Text("currency", 10);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is not { } file)
            return StripeCall.Missing(id);
        if (code is not null && !string.Equals(code, file.Intent.Amount.Currency.Code, StringComparison.OrdinalIgnoreCase))
            return StripeErrors.Of(PaymentError.Invalid("parameter_invalid", "currency", "The currency of a payment intent stays what it is: create another one."));
        if (edit.CustomerId is { Length: > 0 } && await CheckCustomerAsync(edit.CustomerId, call, cancellationToken) is { } stranger)
            return StripeErrors.Of(stranger);
        var updated = await payments.UpdateAsync(id, edit, call.Answering(call.Intent), cancellationToken);
        return updated.TryGet(out var after, out var refused) ? call.Intent(after) : StripeErrors.Of(refused);
    }

    public Task<StripeAnswer> SearchAsync(StripeCall call, CancellationToken cancellationToken) => StripeSearch.RunAsync(
        call,
        SearchTable.Intents,
        "/v1/payment_intents/search",
        database,
        static async (transaction, id, _, token) => (await PaymentStore.FindAsync(transaction, id, token))!,
        (writer, file) => StripeIntents.Write(writer, file, call.Origin),
        cancellationToken);

    public async Task<StripeAnswer> CaptureAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var amount = call.Parameters.Integer("amount_to_capture");
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is not { } file)
            return StripeCall.Missing(id);
        var taken = amount is { } minorUnits ? file.Intent.Amount with { MinorUnits = minorUnits } : (CurrencyAmount?)null;
        var captured = await payments.CaptureAsync(id, taken, call.Answering(call.Intent), cancellationToken);
        return captured.TryGet(out var after, out var refused) ? call.Intent(after) : StripeErrors.Of(refused);
    }

    public async Task<StripeAnswer> CancelAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var reason = call.Parameters.Word("cancellation_reason", StripeWords.CancellationReasons) ?? CancellationReason.RequestedByCustomer;
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is null)
            return StripeCall.Missing(id);
        var cancelled = await payments.CancelAsync(id, reason, call.Answering(call.Intent), cancellationToken);
        return cancelled.TryGet(out var after, out var refused) ? call.Intent(after) : StripeErrors.Of(refused);
    }

    internal static ImmutableArray<RailKind> ReadRails(ParameterReader parameters)
    {
        var rails = ImmutableArray.CreateBuilder<RailKind>();
        foreach (var type in parameters.Texts("payment_method_types", 10))
        {
            if (StripeWords.Rails.TryGetValue(type, out var rail))
                rails.Add(rail);
            else
                parameters.Refuse("parameter_invalid", "payment_method_types", $"The payment method type '{type}' is none of {string.Join(", ", StripeWords.Rails.Keys)}.");
        }

        return rails.ToImmutable();
    }

    // A test card by Stripe's name for it, or a payment method's data.
    private static ConfirmRequest? ReadConfirm(ParameterReader parameters, bool isRequired)
    {
        var method = parameters.Text("payment_method", 200);
        var data = parameters.Inner("payment_method_data");
        if (data is not null)
        {
            var rail = data.Word("type", StripeWords.Rails);
            data.Require("type", rail is not null);
            var card = data.Inner("card");
            var number = card?.Text("number", 40);
            card?.Ignore("exp_month", "exp_year", "cvc");
            string? refundTo = null;
            foreach (var bitcoin in StripeWords.Rails.Where(static pair => pair.Value != RailKind.Card))
                refundTo = data.Inner(bitcoin.Key)?.Text("refund_destination", 4096) ?? refundTo;
            data.Inner("billing_details")?.Ignore("name", "email", "phone", "address");
            return rail is { } chosen ? new ConfirmRequest(chosen, number) { RefundDestination = refundTo } : null;
        }

        if (method is not null)
        {
            if (StripeWords.TestPaymentMethods.TryGetValue(method, out var number))
                return new ConfirmRequest(RailKind.Card, number);

            // A saved one: which rail it is of is known to the database.
            return new ConfirmRequest(RailKind.Card) { PaymentMethodId = method };
        }

        if (isRequired)
            parameters.Refuse("parameter_missing", "payment_method", "You cannot confirm this payment intent because it is missing a payment method: send payment_method, or payment_method_data with its type.");
        return null;
    }

    // Is the payer there, and where do they go after what has to be done elsewhere?
    private static ConfirmRequest? WithPayer(ParameterReader parameters, ConfirmRequest? confirm, StripeCall call)
    {
        var returnUrl = parameters.Text("return_url", CheckoutRules.UrlMax);
        if (CheckoutRules.CheckUrl(returnUrl, "return_url", call.Request.Key.IsLive) is { } wrong)
            parameters.Refuse(wrong.Code, "return_url", wrong.Message);

        // Stripe takes words here too, for mandates: each says that the payer is away.
        var isAway = parameters.Text("off_session", 20) is not (null or "false");
        var isRefusedThen = parameters.Flag("error_on_requires_action") ?? false;
        return confirm is null ? null : confirm with { ReturnUrl = returnUrl, IsOffSession = isAway || isRefusedThen };
    }

    private static string? Edited(ParameterReader parameters, string name, int lengthMax) => parameters.Has(name) ? parameters.Text(name, lengthMax) ?? "" : null;

    private async Task<PaymentError?> CheckCustomerAsync(string? id, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        return id is null || await database.ReadAsync((transaction, token) => CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken) is { DeletedAt: null }
            ? null
            : PaymentError.Missing("customer", id) with { Parameter = "customer" };
    }

    // What a saved payment method stands for.
    private async Task<Result<ConfirmRequest, PaymentError>> ResolveAsync(ConfirmRequest confirm, StripeCall call, CancellationToken cancellationToken)
    {
        if (confirm.PaymentMethodId is not { } id)
            return confirm;
        var key = call.Request.Key;
        var saved = await database.ReadAsync((transaction, token) => MethodStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken);
        return saved is { IsDetached: false }
            ? confirm with { Rail = saved.Rail, CardNumber = TestCard.FindByLastFour(saved.CardLastFour)?.Number }
            : PaymentError.Invalid("resource_missing", "payment_method", $"No such PaymentMethod: '{id}'");
    }

    private async Task<StripeAnswer> ConfirmAsync(string id, ConfirmRequest confirm, StripeCall call, CancellationToken cancellationToken)
    {
        confirm = await keeper.PrepareAsync(id, confirm, cancellationToken);
        var confirmed = await payments.ConfirmAsync(id, confirm, call.Answering(after => AfterConfirm(after, call)), cancellationToken);
        if (confirmed.TryGet(out var paid, out _))
            await keeper.KeepAsync(paid, confirm, cancellationToken);
        return confirmed.TryGet(out var file, out var refused) ? AfterConfirm(file, call) : StripeErrors.Of(refused);
    }

    // A decline changed the intent, and is an error to whoever confirmed, whatever else is still open.
    private static StripeAnswer AfterConfirm(PaymentFile file, StripeCall call) =>
        file.Intent is { LastError: { Kind: PaymentErrorKind.Declined }, LatestAttemptId: { } latest } && file.FindAttempt(latest)?.Status == AttemptStatus.Failed
            ? StripeErrors.Declined(file, call.Origin)
            : call.Intent(file);

    private async Task<PaymentFile?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await payments.FindAsync(id, cancellationToken) is { } file && call.Owns(file) ? file : null;
}
