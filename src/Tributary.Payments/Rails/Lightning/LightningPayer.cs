using Tributary.Bitcoin.Networks;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Lightning;

/// <summary>
/// Money out over Lightning: a transfer pays one invoice, once. What became of it is asked of the node under the same payment hash; an unknown
/// result stays pending for as long as it is unknown.
/// </summary>
public sealed class LightningPayer(Opening<LightningBackend> backend, IDatabase database, BitcoinNetwork network, LightningRailOptions options, TimeProvider time) : IOutgoingRail
{
    // Half a percent, and no less than 5 sat: what a payment over a few hops costs.
    private const long FeeMillisatMin = 5_000;
    private const long FeeParts = 200;

    // What channels get to be taken up again after a start of the node, or when their peers were away for a moment.
    private static readonly TimeSpan s_channelPatience = TimeSpan.FromMinutes(1);

    private long _reachedAt;

    public RailKind Kind => RailKind.Lightning;

    public Result<OutgoingDestination, PaymentError> Read(string? destination, long amount)
    {
        var text = destination?.Trim() ?? "";
        if (text.StartsWith("lightning:", StringComparison.OrdinalIgnoreCase))
            text = text["lightning:".Length..];
        if (!Invoice.Parse(text).TryGet(out var invoice, out var refusal))
            return PaymentError.Invalid("destination_invalid", "destination", $"This is no Lightning invoice: {refusal.Field} {refusal.Reason}.");
        var terms = invoice.Terms;
        if (terms.Network != network)
            return PaymentError.Invalid("destination_invalid", "destination", $"This invoice is for {terms.Network}, and money here is on {network}.");
        if (amount < 1)
            return PaymentError.Invalid("amount_too_small", "amount", "At least one millisatoshi can be sent.");
        if (terms.Amount is { } asked && asked.Value != amount)
            return PaymentError.Invalid("amount_mismatch", "destination", $"This invoice asks for {asked.Value} msat, and {amount} msat are to be sent: ask for an invoice of that amount, or one without an amount.");
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(Math.Min(terms.ExpiresAt, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        if (expiresAt <= time.GetUtcNow())
            return PaymentError.Invalid("destination_expired", "destination", "This invoice has expired: ask the receiver for a new one.");
        return new OutgoingDestination(invoice.Text, terms.PaymentHash.ToString(), expiresAt, Math.Max(FeeMillisatMin, amount / FeeParts));
    }

    public async ValueTask<OutgoingReport> SendAsync(OutgoingTransfer transfer, CancellationToken cancellationToken)
    {
        if (!Invoice.Parse(transfer.Destination).TryGet(out var invoice, out var unreadable))
            return new OutgoingReport.Failed("destination_invalid", $"This is no Lightning invoice: {unreadable.Reason}.");
        var hash = invoice.Terms.PaymentHash;
        var fresh = new StoredTransfer(transfer.Id, RailKind.Lightning, hash.ToString(), TransferState.Sending, transfer.Amount, 0, time.GetUtcNow());
        if (await TransferStore.BeginAsync(database, fresh, cancellationToken) is not { } stored)
            return new OutgoingReport.Pending(null);
        if (stored.State != TransferState.Sending || backend.Current is not { } current)
            return stored.Report;
        _ = Interlocked.CompareExchange(ref _reachedAt, time.GetTimestamp(), 0);

        // A payment of this hash that failed before this transfer was begun was somebody else's try.
        var known = await current.Node.FindPaymentAsync(hash, isOutgoing: true, cancellationToken);
        if (known is null || (string.Equals(known.State, "failed", StringComparison.Ordinal) && known.CreatedAt < stored.CreatedAt))
            return await PayAsync(current.Node, transfer, stored, invoice, cancellationToken);
        return await ConcludeAsync(stored, known, cancellationToken);
    }

    private async ValueTask<OutgoingReport> PayAsync(ILightningNode node, OutgoingTransfer transfer, StoredTransfer stored, Invoice invoice, CancellationToken cancellationToken)
    {
        var request = new PayRequest(invoice.Text)
        {
            Amount = invoice.Terms.Amount is null ? new MilliSatoshis(transfer.Amount) : null,
            FeeMax = new MilliSatoshis(transfer.FeeMax),
            Timeout = options.PayTimeout,
        };
        var paid = await node.PayAsync(request, cancellationToken);
        if (paid.TryGet(out var report, out var refusal))
            return await ConcludeAsync(stored, report, cancellationToken);

        // Nothing has left. What passes by itself is waited for; the rest is for the merchant to decide.
        return refusal.Field is "chain" or "payment_hash" or "payment" || (refusal.Field is "channels" && await AreChannelsComingAsync(node, stored, cancellationToken))
            ? stored.Report
            : await FailAsync(stored, refusal.Field is "channels" ? "lightning_unavailable" : "destination_refused", $"The Lightning node does not pay this: {refusal.Field} {refusal.Reason}.", cancellationToken);
    }

    // A transfer that is asked about right after a restart finds channels whose peers are being dialled: that is no reason to give it up.
    private async ValueTask<bool> AreChannelsComingAsync(ILightningNode node, StoredTransfer stored, CancellationToken cancellationToken)
    {
        var isEarly = time.GetElapsedTime(Volatile.Read(ref _reachedAt)) < s_channelPatience || time.GetUtcNow() - stored.CreatedAt < s_channelPatience;
        return isEarly && (await node.ListChannelsAsync(cancellationToken)).Count > 0;
    }

    private async ValueTask<OutgoingReport> ConcludeAsync(StoredTransfer stored, PaymentReport payment, CancellationToken cancellationToken) => payment.State switch
    {
        "succeeded" => await TransferStore.EndAsync(
            database, stored with { State = TransferState.Sent, Fee = payment.Fee.Value, Proof = payment.Preimage?.ToString() }, cancellationToken),
        "failed" => await FailAsync(stored, "payment_failed", payment.Reason ?? "No way to the receiver was found.", cancellationToken),
        _ => stored.Report,
    };

    private ValueTask<OutgoingReport> FailAsync(StoredTransfer stored, string code, string message, CancellationToken cancellationToken) =>
        TransferStore.EndAsync(database, stored with { State = TransferState.Failed, Code = code, Message = message }, cancellationToken);
}
