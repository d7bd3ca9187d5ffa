using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Payments.Intents;
using Tributary.Payments.Outbox;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Server.Risk;

/// <summary>
/// Tells the engine what became of payments: reads the events with a cursor of its own. An event may be worked in twice; the journal notes the second
/// label as a duplicate.
/// </summary>
internal sealed class RiskLabels(RiskService risk, ReviewBook reviews, IDatabase database, TimeProvider time) : BackgroundService
{
    private const string Cursor = "labels";
    private const int Batch = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What an event says of the attempts of its payment; null where it says nothing.</summary>
    public static (bool IsBad, LabelKind Kind, LabelSource Source, bool IsConfirmed)? Read(string kind, string objectId, PaymentFile file) => kind switch
    {
        "payment_intent.canceled" when file.Intent.CancellationReason == CancellationReason.Fraudulent => (true, LabelKind.AnalystVerdict, LabelSource.Analyst, true),
        "payment_intent.reversed" => (true, LabelKind.DoubleSpend, LabelSource.Network, true),
        "payment_intent.succeeded" => (false, LabelKind.Settled, LabelSource.Automatic, false),
        "refund.created" when IsFraud(file, objectId) => (true, LabelKind.AnalystVerdict, LabelSource.Analyst, true),
        "charge.dispute.created" => (true, LabelKind.CardDispute, LabelSource.Rail, true),
        _ => null,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var after = await database.ReadAsync((transaction, token) => RiskCursor.ReadAsync(transaction, Cursor, token), stoppingToken);
        while (true)
        {
            var events = await OutboxLog.ReadAsync(database, after, Batch, stoppingToken);
            foreach (var told in events)
                await WorkInAsync(told, stoppingToken);
            if (events.Count == 0)
            {
                await Task.Delay(s_pause, time, stoppingToken);
                continue;
            }

            after = events[^1].Position;
            await database.WriteAsync((transaction, token) => RiskCursor.WriteAsync(transaction, Cursor, after, token), stoppingToken);
        }
    }

    private async Task WorkInAsync(OutboxEvent told, CancellationToken cancellationToken)
    {
        if (told.Kind is not ("payment_intent.canceled" or "payment_intent.reversed" or "payment_intent.succeeded" or "refund.created" or "charge.dispute.created"))
            return;
        var file = EventDocuments.Read(told);
        if (ClosingOf(told, file) is { } closing)
            await CloseReviewsAsync(file, closing, cancellationToken);
        if (Read(told.Kind, told.ObjectId, file) is not { } outcome)
            return;
        foreach (var attempt in Concerned(file))
        {
            if (attempt.Risk is not { } assessed || !DecisionId.TryParse(assessed.Reference, out var decision))
                continue;
            var label = new LabelEntry(decision, outcome.IsBad, outcome.Kind, outcome.Source, outcome.IsConfirmed, told.At, told.Id);
            await risk.Engine.LabelAsync(label, assessed.At, attempt.Id, cancellationToken);
        }
    }

    // The attempts that money came by; where none did, the latest.
    private static IEnumerable<PaymentAttempt> Concerned(PaymentFile file)
    {
        var paid = file.Receipts.Select(static receipt => receipt.AttemptId).ToHashSet(StringComparer.Ordinal);
        return paid.Count > 0
            ? file.Attempts.Where(attempt => paid.Contains(attempt.Id))
            : file.Attempts.Where(attempt => attempt.Id.Equals(file.Intent.LatestAttemptId, StringComparison.Ordinal));
    }

    private static bool IsFraud(PaymentFile file, string refundId) => file.FindRefund(refundId)?.Reason == RefundReason.Fraudulent;

    private static ReviewClosing? ClosingOf(OutboxEvent told, PaymentFile file) => told.Kind switch
    {
        "payment_intent.canceled" => file.Intent.CancellationReason == CancellationReason.Fraudulent ? ReviewClosing.RefundedAsFraud : ReviewClosing.Canceled,
        "refund.created" when file.FindRefund(told.ObjectId) is { IsExcess: true } => null,
        "refund.created" => IsFraud(file, told.ObjectId) ? ReviewClosing.RefundedAsFraud : ReviewClosing.Refunded,
        "charge.dispute.created" => ReviewClosing.Disputed,
        _ => null,
    };

    private async Task CloseReviewsAsync(PaymentFile file, ReviewClosing closing, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            var open = await ReviewStore.FindOpenAsync(transaction, file.Intent.Id, token);
            foreach (var review in open)
                await reviews.CloseAsync(transaction, review, file, closing, token);
            return open.Count;
        },
        cancellationToken);
}
