using System.Collections.Immutable;
using System.Text;
using Tributary.Crypto;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails.Lightning;
using Tributary.Payments.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>
/// Lightning of a store: its invoices are payments of the store, and what it pays are payouts with their limits, approval and switch. So both stand in the
/// store's books like everything else.
/// </summary>
internal sealed class StoreLightningHandlers(PaymentService payments, PayoutService payouts, ILightningReceiver receiver, IDatabase database, TimeProvider clock)
{
    private const long MilliSatoshisPerSatoshi = 1000;
    private const int ListMax = 100;
    private const string Invoice = "invoice";

    public async Task<GreenfieldAnswer> CreateInvoiceAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var terms = InvoiceTerms.Read(call, MilliSatoshisPerSatoshi);
        if (Stop(call) is { } stopped)
            return stopped;
        var amount = new CurrencyAmount(terms.Amount / MilliSatoshisPerSatoshi, Currency.Bitcoin);
        var created = await payments.CreateAsync(
            new PaymentRequest
            {
                StoreId = call.StoreId,
                IsLive = call.IsLive,
                Amount = amount,
                Rails = [RailKind.Lightning],
                Description = terms.Description.Length > 0 ? terms.Description : null,
                Lifetime = terms.Lifetime,
            },
            null,
            cancellationToken);
        if (!created.TryGet(out var file, out var error))
            return GreenfieldErrors.Of(error, error.Parameter);
        var now = clock.GetUtcNow();
        var confirmed = await payments.ConfirmAsync(
            file.Intent.Id,
            new ConfirmRequest(RailKind.Lightning)
            {
                Quote = new Quote(amount, new MilliSatoshis(terms.Amount), BitcoinPrice.One, "exact", 0, now, file.Intent.ExpiresAt),
                DescriptionHash = terms.IsHashOnly ? Hashes.Sha256(Encoding.UTF8.GetBytes(terms.Description)) : null,
            },
            null,
            cancellationToken);
        if (confirmed.TryGet(out file, out error) && file.Attempts[^1] is { Status: AttemptStatus.Open } attempt)
            return Answer(file, attempt);
        await payments.CancelAsync(created.Value.Intent.Id, CancellationReason.Abandoned, null, cancellationToken);
        return error is { Kind: PaymentErrorKind.Unavailable }
            ? GreenfieldErrors.Of(StatusCodes.Status503ServiceUnavailable, "ligthning-node-unavailable", error.Message)
            : GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "invoice-error", error?.Message ?? "This payment was refused by a risk rule.");
    }

    public async Task<GreenfieldAnswer> InvoiceAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (Stop(call) is { } stopped)
            return stopped;
        if (!Bytes32.TryParse(call.Route("id"), out var hash))
            return GreenfieldErrors.Missing(Invoice);
        var reference = hash.ToString();
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindByReferenceAsync(transaction, RailKind.Lightning, reference, token), cancellationToken);
        if (file is null || file.Intent.IsLive != call.IsLive || !call.Owns(file.Intent.StoreId))
            return GreenfieldErrors.Missing(Invoice);
        return Answer(file, file.Attempts.First(attempt => attempt.Rail == RailKind.Lightning && string.Equals(attempt.Reference, reference, StringComparison.Ordinal)));
    }

    public async Task<GreenfieldAnswer> InvoicesAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var isPendingOnly = call.Query.Flag("pendingOnly") ?? false;
        var offset = call.Query.Integer("offsetIndex", 0, int.MaxValue) ?? 0;
        if (Stop(call) is { } stopped)
            return stopped;
        var files = await database.ReadAsync((transaction, token) => PaymentStore.ListAsync(transaction, new IntentQuery(call.StoreId, call.IsLive, ListMax), token), cancellationToken);
        var lines = files.SelectMany(file => file.Attempts.Where(static attempt => attempt is { Rail: RailKind.Lightning, Instruction: not null }).Select(attempt => LineOf(file, attempt)))
            .Where(line => !isPendingOnly || line.Status is "Unpaid");
        return GreenfieldAnswer.List(lines.Skip((int)offset), LightningObjects.Write);
    }

    public async Task<GreenfieldAnswer> PayAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var terms = PayTerms.Read(call);
        if (terms.Amount > 0 && terms.Amount % MilliSatoshisPerSatoshi != 0)
            call.Refuse("BOLT11", "A store pays whole satoshis.");
        if (Stop(call) is { } stopped)
            return stopped;
        var created = await payouts.CreateAsync(
            new PayoutRequest
            {
                StoreId = call.StoreId,
                IsLive = call.IsLive,
                Amount = new CurrencyAmount(terms.Amount / MilliSatoshisPerSatoshi, Currency.Bitcoin),
                Destination = terms.Bolt11,
                FeeMax = terms.FeeMax?.Value,
                Actor = call.Caller!.User.Id,
            },
            null,
            cancellationToken);
        if (!created.TryGet(out var payout, out var error))
            return GreenfieldErrors.Of(error.Kind == PaymentErrorKind.InvalidRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable, "generic-error", error.Message);
        payout = await payouts.SendAsync(payout, cancellationToken);
        return payout.Status == PayoutStatus.Failed
            ? GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "could-not-find-route", payout.FailureMessage ?? "No way to the receiver was found.")
            : PayTerms.Answer(LineOf(payout, HashOf(payout)));
    }

    public async Task<GreenfieldAnswer> PaymentAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (Stop(call) is { } stopped)
            return stopped;
        if (!Bytes32.TryParse(call.Route("paymentHash"), out var hash))
            return GreenfieldErrors.Missing("payment");
        var payout = await database.ReadAsync(
            async (transaction, token) => await OutgoingTransfers.FindSubjectAsync(transaction, RailKind.Lightning, hash.ToString(), token) is { } subject ? await PayoutStore.FindAsync(transaction, subject, token) : null,
            cancellationToken);
        return payout is not null && payout.IsLive == call.IsLive && call.Owns(payout.StoreId)
            ? GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, LineOf(payout, hash.ToString())))
            : GreenfieldErrors.Missing("payment");
    }

    public async Task<GreenfieldAnswer> PaymentsAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withPending = call.Query.Flag("includePending") ?? false;
        var offset = call.Query.Integer("offsetIndex", 0, int.MaxValue) ?? 0;
        if (Stop(call) is { } stopped)
            return stopped;
        var found = await payouts.ListAsync(new PayoutQuery(call.StoreId, call.IsLive, ListMax), cancellationToken);
        var lines = found.Where(static payout => payout.Rail == RailKind.Lightning && payout.Status != PayoutStatus.Canceled).Select(static payout => LineOf(payout, HashOf(payout))).Where(line => withPending || line.Status is not "Pending");
        return GreenfieldAnswer.List(lines.Skip((int)offset), LightningObjects.Write);
    }

    private static GreenfieldAnswer? Stop(GreenfieldCall call) => call.Finish() ?? (NodeHandlers.IsBitcoin(call) ? null : GreenfieldErrors.Missing("lightning-node"));

    private GreenfieldAnswer Answer(PaymentFile file, PaymentAttempt attempt) => GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, LineOf(file, attempt)));

    private LightningObjects.InvoiceLine LineOf(PaymentFile file, PaymentAttempt attempt)
    {
        var receipts = file.Receipts.Where(receipt => string.Equals(receipt.AttemptId, attempt.Id, StringComparison.Ordinal)).ToImmutableArray();
        var settled = receipts.FirstOrDefault(static receipt => receipt.Status == ReceiptStatus.Settled);
        var held = receipts.FirstOrDefault(static receipt => receipt.Status == ReceiptStatus.Held);
        var status = settled is not null ? "Paid" : held is null && (attempt.Status != AttemptStatus.Open || attempt.ExpiresAt <= clock.GetUtcNow()) ? "Expired" : "Unpaid";
        return new LightningObjects.InvoiceLine(
            attempt.Reference, status, attempt.Instruction, settled?.SettledAt, attempt.ExpiresAt, attempt.Due, settled?.Amount ?? held?.Amount, receiver.ProofOf(file, attempt)?.ToString());
    }

    private static LightningObjects.PaymentLine LineOf(Payout payout, string hash) => new(
        hash,
        payout.Status switch { PayoutStatus.Paid => "Complete", PayoutStatus.Failed or PayoutStatus.Canceled => "Failed", _ => "Pending" },
        payout.Destination,
        payout.Status == PayoutStatus.Paid ? payout.Proof : null,
        payout.CreatedAt,
        checked(payout.Gross + payout.Fee),
        payout.Fee);

    private static string HashOf(Payout payout) =>
        Tributary.Lightning.Invoices.Invoice.Parse(payout.Destination).TryGet(out var invoice, out _) ? invoice.Terms.PaymentHash.ToString() : payout.Id;
}
