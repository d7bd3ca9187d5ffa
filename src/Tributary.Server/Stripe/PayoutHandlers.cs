using System.Globalization;
using Tributary.Payments.Access;
using Tributary.Payments.Errors;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.Reconciliation;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of payouts do, and of what a store allows of outgoing money.</summary>
internal sealed class PayoutHandlers(PayoutService payouts, OutgoingSwitch outgoing, IDatabase database, TimeProvider clock)
{
    private static readonly Dictionary<string, string> s_statuses = new(StringComparer.Ordinal)
    {
        ["pending"] = "pending",
        ["in_transit"] = "in_transit",
        ["paid"] = "paid",
        ["failed"] = "failed",
        ["canceled"] = "canceled",
        ["awaiting_approval"] = "awaiting_approval",
    };

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var request = ReadRequest(call);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        Payout payout;
        if (call.Resumed is { } resumed)
        {
            payout = (await payouts.FindAsync(key.StoreId, key.IsLive, resumed, cancellationToken))!;
        }
        else
        {
            var created = await payouts.CreateAsync(request!, (transaction, made, token) => call.NoteAsync(transaction, made.Id, token), cancellationToken);
            if (!created.TryGet(out payout!, out var refused))
                return StripeErrors.Of(refused);
        }

        payout = await payouts.SendAsync(payout, cancellationToken);
        var answer = StripePayouts.Answer(payout);
        await call.AnswerAsync(database, payout.Id, answer, cancellationToken);
        return answer;
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await payouts.FindAsync(key.StoreId, key.IsLive, id, cancellationToken) is { } payout ? StripePayouts.Answer(payout) : StripeErrors.Of(PaymentError.Missing("payout", id));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var status = parameters.Text("status", 30);
        if (status is not null && !s_statuses.ContainsKey(status))
            parameters.Refuse("parameter_invalid", "status", $"Invalid status: must be one of {string.Join(", ", s_statuses.Keys)}.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        if (page.Cursor is { } cursor && await payouts.FindAsync(key.StoreId, key.IsLive, cursor, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("payout", cursor));
        var query = new PayoutQuery(key.StoreId, key.IsLive, page.Limit + 1) { Status = status, Created = page.Created, After = page.After, Before = page.Before };
        return page.Answer("/v1/payouts", await payouts.ListAsync(query, cancellationToken), StripePayouts.Write);
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var metadata = call.Parameters.Merge("metadata");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await payouts.UpdateAsync(key.StoreId, key.IsLive, id, metadata, Written(call), cancellationToken));
    }

    public async Task<StripeAnswer> CancelAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await payouts.CancelAsync(key.StoreId, key.IsLive, id, Written(call), cancellationToken));
    }

    public async Task<StripeAnswer> ApproveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await payouts.ApproveAsync(key.StoreId, key.IsLive, id, "key:" + key.Id, Written(call), cancellationToken));
    }

    public async Task<StripeAnswer> RetrievePolicyAsync(StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await payouts.PolicyAsync(key.StoreId, key.IsLive, cancellationToken), await outgoing.ReadAsync(cancellationToken), key);
    }

    public async Task<StripeAnswer> UpdatePolicyAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var key = call.Request.Key;
        var policy = await payouts.PolicyAsync(key.StoreId, key.IsLive, cancellationToken);
        if (parameters.Has("approval_above"))
        {
            var limits = policy.ApprovalAbove.Clear();
            foreach (var (name, text) in parameters.Dictionary("approval_above"))
            {
                if (!Currency.TryParse(name, out var currency) || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount > CurrencyAmount.LargestOf(currency))
                    parameters.Refuse("parameter_invalid", "approval_above", $"A limit is like approval_above[{name}]=5000: a currency, and an amount in its minor units.");
                else
                    limits = limits.SetItem(Asset.Of(currency).Code, currency.IsBitcoin ? amount * 1000 : amount);
            }

            policy = policy with { ApprovalAbove = limits };
        }

        if (parameters.Integer("destination_delay") is { } seconds)
            policy = policy with { DestinationDelay = TimeSpan.FromSeconds(Math.Clamp(seconds, -1, 100 * 86_400)) };
        if (parameters.Has("hot_wallet_cap"))
            policy = policy with { HotWalletCap = parameters.Integer("hot_wallet_cap") is { } cap ? Math.Clamp(cap, -1, CurrencyAmount.LargestOf(Currency.Bitcoin)) * 1000 : null };
        if (parameters.Has("destination"))
            policy = policy with { Destination = parameters.Text("destination", 200) };
        var isStopped = parameters.Flag("stopped");
        var reason = parameters.Text("reason", 500);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);

        // The switch is one for the whole server: a key for test money does not touch it where there is real money.
        if (isStopped is not null && (key.Kind != KeyKind.Secret || (!key.IsLive && await database.ReadAsync(ApiKeyStore.IsAnyLiveAsync, cancellationToken))))
            return StripeErrors.Of(new PaymentError(PaymentErrorKind.Forbidden, "more_permissions_required", "stopped", "Only a secret key of the money that this server holds stops and resumes it."));
        var set = await payouts.SetPolicyAsync(key.StoreId, key.IsLive, policy, cancellationToken);
        if (!set.TryGet(out policy!, out var refused))
            return StripeErrors.Of(refused);
        if (isStopped == true)
            await outgoing.StopAsync(reason ?? "Stopped by a key of the store.", cancellationToken);
        else if (isStopped == false)
            await outgoing.ResumeAsync(cancellationToken);
        var answer = Answer(policy, await outgoing.ReadAsync(cancellationToken), key);
        await call.AnswerAsync(database, "outgoing_policy", answer, cancellationToken);
        return answer;
    }

    private PayoutRequest? ReadRequest(StripeCall call)
    {
        var parameters = call.Parameters;
        var amount = parameters.Integer("amount");
        parameters.Require("amount", amount is not null);
        var code = parameters.Text("currency", 10);
        parameters.Require("currency", code is not null);
        if (!Currency.TryParse(code, out var currency) && code is not null)
            parameters.Refuse("parameter_invalid", "currency", $"Invalid currency: {code}. A three-letter ISO code, or btc.");
        var destination = parameters.Text("destination", 4096);
        var description = parameters.Text("description", 1000);
        var statement = parameters.Text("statement_descriptor", 22);
        var metadata = parameters.Metadata();
        parameters.Ignore("method", "source_type");
        var key = call.Request.Key;
        return amount is null || code is null || currency == default ? null : new PayoutRequest
        {
            StoreId = key.StoreId,
            IsLive = key.IsLive,
            Amount = new CurrencyAmount(amount.Value, currency),
            Destination = destination,
            Description = description,
            StatementDescriptor = statement,
            Metadata = metadata,
            Actor = "key:" + key.Id,
            Guard = new KeySpending(key, clock),
        };
    }

    private static PayoutService.Written Written(StripeCall call) => (transaction, payout, token) => call.AnswerAsync(transaction, payout.Id, StripePayouts.Answer(payout), token);

    private static StripeAnswer Answer(Result<Payout, PaymentError> result) => result.TryGet(out var payout, out var refused) ? StripePayouts.Answer(payout) : StripeErrors.Of(refused);

    private static StripeAnswer Answer(OutgoingPolicy policy, OutgoingStop? stop, ApiKey key) => StripeAnswer.Of(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object", "outgoing_policy");
        writer.WriteStartObject("approval_above");
        foreach (var (asset, limit) in policy.ApprovalAbove)
            writer.WriteNumber(asset is "msat" ? "btc" : asset, asset is "msat" ? limit / 1000 : limit);
        writer.WriteEndObject();
        writer.Text("destination", policy.Destination);
        writer.WriteNumber("destination_delay", (long)policy.DestinationDelay.TotalSeconds);
        if (policy.HotWalletCap is { } cap)
            writer.WriteNumber("hot_wallet_cap", cap / 1000);
        else
            writer.WriteNull("hot_wallet_cap");
        writer.WriteBoolean("livemode", key.IsLive);
        writer.WriteBoolean("stopped", stop is not null);
        writer.Text("stopped_reason", stop?.Reason);
        writer.Time("stopped_at", stop?.At);
        writer.WriteEndObject();
    });
}
