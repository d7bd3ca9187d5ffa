using Tributary.Payments.Intents;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Idempotency;

/// <summary>The entered key of a request, written with its effect.</summary>
/// <param name="Key">The key.</param>
/// <param name="Render">The answer that a repetition gets; null while the request has another step to go.</param>
public sealed record IdempotentEffect(IdempotencyKey Key, Func<PaymentFile, string>? Render)
{
    /// <summary>The object that was made, where it is not the intent itself.</summary>
    public Func<PaymentFile, string>? ObjectId { get; init; }

    /// <summary>Called within the transaction once the entry is written; again when the transaction runs again.</summary>
    public Action? OnWritten { get; init; }

    /// <summary>Writes the answer, or how far the request has come.</summary>
    public async ValueTask WriteAsync(ISqlTransaction transaction, PaymentFile file, CancellationToken cancellationToken)
    {
        var objectId = ObjectId?.Invoke(file) ?? file.Intent.Id;
        if (Render is null)
            await IdempotencyStore.NoteAsync(transaction, Key, objectId, cancellationToken);
        else
            await IdempotencyStore.AnswerAsync(transaction, Key, objectId, Render(file), cancellationToken);
        OnWritten?.Invoke();
    }
}
