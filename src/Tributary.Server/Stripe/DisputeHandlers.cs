using System.Collections.Immutable;
using Tributary.Payments.Disputes;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Primitives.Results;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of disputes do.</summary>
internal sealed class DisputeHandlers(DisputeService disputes)
{
    private const int EvidenceTextMax = 20_000;

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } view ? StripeDisputes.Answer(view) : StripeErrors.Of(PaymentError.Missing("dispute", id));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var intent = parameters.Text("payment_intent", 100);
        var charge = parameters.Text("charge", 100);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("dispute", cursor));
        var key = call.Request.Key;
        var query = new DisputeQuery(key.StoreId, key.IsLive, page.Limit + 1)
        {
            IntentId = intent ?? (charge is null ? null : StripeCharges.IntentIdOf(charge)),
            Created = page.Created,
            After = page.After,
            Before = page.Before,
        };
        return page.Answer("/v1/disputes", await disputes.ListAsync(query, cancellationToken), StripeDisputes.Write);
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var evidence = ImmutableSortedDictionary<string, string>.Empty;
        if (parameters.Inner("evidence") is { } given)
        {
            foreach (var name in StripeDisputes.EvidenceNames)
            {
                if (given.Text(name, EvidenceTextMax) is { } text)
                    evidence = evidence.SetItem(name, text);
            }
        }

        var metadata = parameters.Merge("metadata");
        var isSubmitted = parameters.Flag("submit") ?? true;
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await disputes.AnswerAsync(
            key.StoreId, key.IsLive, id, evidence, metadata, isSubmitted && !evidence.IsEmpty, call.Answering(Render(id)), cancellationToken));
    }

    public async Task<StripeAnswer> CloseAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return Answer(await disputes.CloseAsync(key.StoreId, key.IsLive, id, call.Answering(Render(id)), cancellationToken));
    }

    private static Func<PaymentFile, StripeAnswer> Render(string id) => file => StripeDisputes.Answer(new DisputeView(file, file.FindDispute(id)!));

    private static StripeAnswer Answer(Result<DisputeView, PaymentError> result) =>
        result.TryGet(out var view, out var refused) ? StripeDisputes.Answer(view) : StripeErrors.Of(refused);

    private Task<DisputeView?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        disputes.FindAsync(call.Request.Key.StoreId, call.Request.Key.IsLive, id, cancellationToken);
}
