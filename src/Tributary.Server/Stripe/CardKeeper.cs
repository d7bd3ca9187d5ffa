using Tributary.Payments;
using Tributary.Payments.Customers;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Card;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>
/// Keeps the card that a payment was made with, where <c>setup_future_usage</c> asks for it. The saved method is there before the payment, so that
/// the payment names it; it becomes the customer's once the card has been accepted.
/// </summary>
internal sealed class CardKeeper(PaymentService payments, MethodStore methods, IDatabase database, ObjectIds ids, TimeProvider clock)
{
    /// <summary>The confirmation with a saved method in it, where one is to be kept and none was named.</summary>
    public async Task<ConfirmRequest> PrepareAsync(string intentId, ConfirmRequest confirm, CancellationToken cancellationToken)
    {
        if (confirm is not { Rail: RailKind.Card, PaymentMethodId: null } || TestCard.Find(confirm.CardNumber) is not { } card)
            return confirm;
        if (await payments.FindAsync(intentId, cancellationToken) is not { Intent: { SetupFutureUsage: not null, CustomerId: not null } intent })
            return confirm;
        var method = new SavedMethod
        {
            Id = ids.Next("pm"),
            StoreId = intent.StoreId,
            IsLive = intent.IsLive,
            Rail = RailKind.Card,
            CardLastFour = card.LastFour,
            CreatedAt = clock.GetUtcNow(),
            Version = 1,
        };
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await methods.WriteAsync(transaction, method, null, token);
                return true;
            },
            cancellationToken);
        return confirm with { PaymentMethodId = method.Id };
    }

    /// <summary>Makes the method the customer's after a payment that was accepted.</summary>
    public async Task KeepAsync(PaymentFile file, ConfirmRequest confirm, CancellationToken cancellationToken)
    {
        var intent = file.Intent;
        if (intent is not { SetupFutureUsage: not null, CustomerId: { } customer } || confirm.PaymentMethodId is not { } id)
            return;
        if (file.FindAttempt(intent.LatestAttemptId ?? "") is not { Status: not AttemptStatus.Failed } attempt || !string.Equals(attempt.PaymentMethodId, id, StringComparison.Ordinal))
            return;
        await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await MethodStore.FindAsync(transaction, intent.StoreId, intent.IsLive, id, token) is not { CustomerId: null, IsDetached: false } method)
                    return false;
                await methods.WriteAsync(transaction, method with { CustomerId = customer, Version = method.Version + 1 }, "payment_method.attached", token);
                return true;
            },
            CancellationToken.None);
    }
}
