using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Refunds;

/// <summary>Asks the risk gate about a refund.</summary>
internal static class RefundRisk
{
    /// <summary>What the gate says; null without a gate, or about a payment that is not there, which is refused elsewhere.</summary>
    public static async ValueTask<RiskAssessment?> AssessAsync(IRiskGate? gate, IDatabase database, RefundRequest request, CancellationToken cancellationToken)
    {
        if (gate is null)
            return null;
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, request.IntentId, token), cancellationToken);
        if (file is null || file.Intent.IsLive != request.IsLive || !string.Equals(file.Intent.StoreId, request.StoreId, StringComparison.Ordinal))
            return null;
        return await gate.AssessAsync(
            new RiskQuestion
            {
                Point = RiskPoint.Refund,
                StoreId = request.StoreId,
                IsLive = request.IsLive,
                SubjectId = request.IntentId,
                Amount = request.Amount is { } minorUnits ? file.Intent.Amount with { MinorUnits = minorUnits } : file.Settled,
                Rail = file.Attempts.LastOrDefault(attempt => attempt.Status == AttemptStatus.Paid)?.Rail ?? RailKind.Card,
                CustomerId = file.Intent.CustomerId,
                Instrument = request.Destination,
                Metadata = request.Metadata,
            },
            cancellationToken);
    }

    /// <summary>A refund that is not given. The merchant is told the rule: a refund has no payer who could try things out.</summary>
    public static PaymentError Refused(RiskAssessment risk) =>
        PaymentError.Invalid("refund_blocked", null, $"This refund was blocked by a risk rule{(risk.Rule is null ? "" : $": {risk.Rule}")}. Decision {risk.Reference}.");
}
