using Tributary.Payments.Access;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Refunds;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of refunds do.</summary>
internal sealed class RefundHandlers(RefundService refunds, IDatabase database, TimeProvider clock)
{
    private const long SecondsPerYear = 31_536_000;

    private static readonly Dictionary<string, RefundReason> s_reasons = new(StringComparer.Ordinal)
    {
        ["duplicate"] = RefundReason.Duplicate,
        ["fraudulent"] = RefundReason.Fraudulent,
        ["requested_by_customer"] = RefundReason.RequestedByCustomer,
    };

    private static readonly Dictionary<string, RefundRateKind> s_rates = new(StringComparer.Ordinal) { ["original"] = RefundRateKind.Original, ["current"] = RefundRateKind.Current };

    private static readonly Dictionary<string, FeeBearer> s_bearers = new(StringComparer.Ordinal) { ["merchant"] = FeeBearer.Merchant, ["shopper"] = FeeBearer.Shopper };

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var request = ReadRequest(call);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        RefundView view;
        if (call.Resumed is { } resumed)
        {
            view = (await FindAsync(resumed, call, cancellationToken))!;
        }
        else
        {
            var created = await refunds.CreateAsync(request!, call.GoingOn(static file => file.Refunds[^1].Id), cancellationToken);
            if (!created.TryGet(out view!, out var refused))
                return StripeErrors.Of(refused.Parameter is "destination" or "rate" ? refused with { Parameter = $"tributary[{refused.Parameter}]" } : refused);
        }

        // What the rail says at once belongs into the answer: a card refund has succeeded, as Stripe's clients expect.
        view = await refunds.SendAsync(view, cancellationToken);
        var answer = StripeRefunds.Answer(view, call.Origin);
        await call.AnswerAsync(database, view.Refund.Id, answer, cancellationToken);
        return answer;
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } view ? StripeRefunds.Answer(view, call.Origin) : StripeErrors.Of(PaymentError.Missing("refund", id));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var intent = ReadPayment(parameters);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("refund", cursor));
        var key = call.Request.Key;
        var found = await refunds.ListAsync(
            new RefundQuery(key.StoreId, key.IsLive, page.Limit + 1) { IntentId = intent, Created = page.Created, After = page.After, Before = page.Before }, cancellationToken);
        return page.Answer("/v1/refunds", found, (writer, view) => StripeRefunds.Write(writer, view, call.Origin));
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var metadata = call.Parameters.Merge("metadata");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await refunds.UpdateAsync(key.StoreId, key.IsLive, id, metadata, call.Answering(Render(id, call)), cancellationToken), call);
    }

    public async Task<StripeAnswer> CancelAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await refunds.CancelAsync(key.StoreId, key.IsLive, id, call.Answering(Render(id, call)), cancellationToken), call);
    }

    public async Task<StripeAnswer> ApproveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await refunds.ApproveAsync(key.StoreId, key.IsLive, id, "key:" + key.Id, call.Answering(Render(id, call)), cancellationToken), call);
    }

    private static Func<PaymentFile, StripeAnswer> Render(string id, StripeCall call) => file => StripeRefunds.Answer(new RefundView(file, file.FindRefund(id)!), call.Origin);

    private static StripeAnswer Answer(Tributary.Primitives.Results.Result<RefundView, PaymentError> result, StripeCall call) =>
        result.TryGet(out var view, out var refused) ? StripeRefunds.Answer(view, call.Origin) : StripeErrors.Of(refused);

    private RefundRequest? ReadRequest(StripeCall call)
    {
        var parameters = call.Parameters;
        var intent = ReadPayment(parameters);
        parameters.Require("payment_intent", intent is not null);
        var amount = parameters.Integer("amount");
        if (amount < 1)
            parameters.Refuse("parameter_invalid_integer", "amount", "Invalid positive integer");
        var reason = parameters.Word("reason", s_reasons) ?? RefundReason.None;
        var metadata = parameters.Metadata();
        parameters.Ignore("instructions_email", "currency");
        foreach (var name in (ReadOnlySpan<string>)["refund_application_fee", "reverse_transfer"])
        {
            if (parameters.Flag(name) == true)
                parameters.Refuse("parameter_invalid", name, $"There is nothing that {name} could take back: this server has no connected accounts.");
        }

        var own = parameters.Inner("tributary");
        var rate = own?.Word("rate", s_rates) ?? RefundRateKind.Original;
        var bearer = own?.Word("fee_bearer", s_bearers) ?? FeeBearer.Merchant;
        var destination = own?.Text("destination", 4096);
        var seconds = own?.Integer("expires_in");
        if (seconds is < 3600 or > SecondsPerYear)
            own!.Refuse("parameter_invalid_integer", "expires_in", "A claim link lives between an hour and a year.");
        var key = call.Request.Key;
        return intent is null ? null : new RefundRequest
        {
            StoreId = key.StoreId,
            IsLive = key.IsLive,
            IntentId = intent,
            Amount = amount,
            Reason = reason,
            Rate = rate,
            FeeBearer = bearer,
            Destination = destination,
            ClaimLifetime = seconds is { } lifetime ? TimeSpan.FromSeconds(lifetime) : null,
            Metadata = metadata,
            Actor = "key:" + key.Id,
            Guard = new KeySpending(key, clock),
        };
    }

    // A payment by its intent's or its charge's name.
    private static string? ReadPayment(ParameterReader parameters)
    {
        var intent = parameters.Text("payment_intent", 100);
        var charge = parameters.Text("charge", 100) is { } id ? StripeCharges.IntentIdOf(id) : null;
        if (intent is not null && charge is not null && !string.Equals(intent, charge, StringComparison.Ordinal))
            parameters.Refuse("parameter_invalid", "charge", "The charge and the payment intent are of different payments.");
        return intent ?? charge;
    }

    private Task<RefundView?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        refunds.FindAsync(call.Request.Key.StoreId, call.Request.Key.IsLive, id, cancellationToken);
}
