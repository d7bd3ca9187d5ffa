using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Intents;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>A request while it is carried out.</summary>
/// <param name="request">What was asked.</param>
/// <param name="resumed">What an earlier run of the same request had created before it died.</param>
internal sealed class StripeCall(StripeRequest request, string? resumed)
{
    public StripeRequest Request { get; } = request;

    public string? Resumed { get; } = resumed;

    public ParameterReader Parameters { get; } = new(request.Parameters);

    /// <summary>The request has changed something, so its key stands for that.</summary>
    public bool HasEffect { get; private set; } = resumed is not null;

    /// <summary>The effect of the request's last step, with the answer.</summary>
    public IdempotentEffect? Answering(Func<PaymentFile, StripeAnswer> answer) => Effect(file => answer(file).Pack());

    /// <summary>The effect of a step that another one follows.</summary>
    public IdempotentEffect? GoingOn() => Effect(null);

    /// <summary>Writes the answer of a request whose effect is in the same transaction.</summary>
    public async ValueTask AnswerAsync(ISqlTransaction transaction, string objectId, StripeAnswer answer, CancellationToken cancellationToken)
    {
        if (Request.Idempotency is not { } key)
            return;
        await IdempotencyStore.AnswerAsync(transaction, key, objectId, answer.Pack(), cancellationToken);
        HasEffect = true;
    }

    /// <summary>May this key see the intent?</summary>
    public bool Owns(PaymentFile file) =>
        file.Intent.IsLive == Request.Key.IsLive && string.Equals(file.Intent.StoreId, Request.Key.StoreId, StringComparison.Ordinal);

    /// <summary>What another store's object and one that does not exist have in common.</summary>
    public static StripeAnswer Missing(string id) => StripeErrors.Of(PaymentError.Missing("payment_intent", id));

    private IdempotentEffect? Effect(Func<PaymentFile, string>? render)
    {
        if (Request.Idempotency is not { } key)
            return null;
        return new IdempotentEffect(key, render) { OnWritten = () => HasEffect = true };
    }
}
