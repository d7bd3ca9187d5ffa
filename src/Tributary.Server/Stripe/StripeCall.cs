using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Access;
using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Intents;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>A request while it is carried out.</summary>
/// <param name="request">What was asked.</param>
/// <param name="resumed">What an earlier run of the same request had created before it died.</param>
/// <param name="record">Writes down what the handler reads, and lets it do nothing; null for a request.</param>
internal sealed class StripeCall(StripeRequest request, string? resumed, ParameterRecord? record = null)
{
    private const int ExpansionsMax = 20;

    public StripeRequest Request { get; } = request;

    public string? Resumed { get; } = resumed;

    public ParameterReader Parameters { get; } = Reader(request, record);

    /// <summary>The request has changed something, so its key stands for that.</summary>
    public bool HasEffect { get; private set; } = resumed is not null;

    /// <summary>The effect of the request's last step, with the answer.</summary>
    public IdempotentEffect? Answering(Func<PaymentFile, StripeAnswer> answer) => Effect(file => answer(file).Pack());

    /// <summary>The effect of a step that another one follows.</summary>
    public IdempotentEffect? GoingOn() => Effect(null);

    /// <summary>The same, for an object within a payment's file.</summary>
    public IdempotentEffect? GoingOn(Func<PaymentFile, string> objectId) => Effect(null) is { } effect ? effect with { ObjectId = objectId } : null;

    /// <summary>Notes what a request has made that has another step to go.</summary>
    public async ValueTask NoteAsync(ISqlTransaction transaction, string objectId, CancellationToken cancellationToken)
    {
        if (Request.Idempotency is not { } key)
            return;
        await IdempotencyStore.NoteAsync(transaction, key, objectId, cancellationToken);
        HasEffect = true;
    }

    /// <summary>Writes the answer of a request whose effects were written before.</summary>
    public async Task AnswerAsync(IDatabase database, string objectId, StripeAnswer answer, CancellationToken cancellationToken)
    {
        if (Request.Idempotency is not null)
            await database.WriteAsync(
                async (transaction, token) =>
                {
                    await AnswerAsync(transaction, objectId, answer, token);
                    return true;
                },
                cancellationToken);
    }

    /// <summary>Writes the answer of a request whose effect is in the same transaction.</summary>
    public async ValueTask AnswerAsync(ISqlTransaction transaction, string objectId, StripeAnswer answer, CancellationToken cancellationToken)
    {
        if (Request.Idempotency is not { } key)
            return;
        await IdempotencyStore.AnswerAsync(transaction, key, objectId, answer.Pack(), cancellationToken);
        HasEffect = true;
    }

    /// <summary>How the asker names this server.</summary>
    public string Origin => Request.Origin;

    /// <summary>An intent as the answer of this request.</summary>
    public StripeAnswer Intent(PaymentFile file) => StripeIntents.Answer(file, Origin);

    /// <summary>What the answer is to carry whole.</summary>
    public IReadOnlyList<string> Expansions { get; } = ExpansionsOf(request.Parameters);

    /// <summary>May this key see the intent? A publishable one only with the intent's own secret.</summary>
    public bool Owns(PaymentFile file) =>
        file.Intent.IsLive == Request.Key.IsLive
        && string.Equals(file.Intent.StoreId, Request.Key.StoreId, StringComparison.Ordinal)
        && (Request.Key.Kind != KeyKind.Publishable || HasSecretOf(file));

    /// <summary>What another store's object and one that does not exist have in common.</summary>
    public static StripeAnswer Missing(string id) => StripeErrors.Of(PaymentError.Missing("payment_intent", id) with { Parameter = "intent" });

    private IdempotentEffect? Effect(Func<PaymentFile, string>? render)
    {
        if (Request.Idempotency is not { } key)
            return null;
        return new IdempotentEffect(key, render) { OnWritten = () => HasEffect = true };
    }

    private static ParameterReader Reader(StripeRequest request, ParameterRecord? record)
    {
        var reader = new ParameterReader(request.Parameters, "", record);
        reader.Texts("expand", ExpansionsMax);
        return reader;
    }

    private bool HasSecretOf(PaymentFile file) =>
        Request.Parameters.Members.GetValueOrDefault("client_secret") is ParameterNode.Text { Value: var given }
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(file.Intent.ClientSecret));

    private static string[] ExpansionsOf(ParameterNode.Map parameters) => parameters.Members.GetValueOrDefault("expand") switch
    {
        ParameterNode.List list => [.. list.Items.OfType<ParameterNode.Text>().Select(static item => item.Value).Take(ExpansionsMax)],
        ParameterNode.Text { Value.Length: > 0 } text => [text.Value],
        _ => [],
    };
}
