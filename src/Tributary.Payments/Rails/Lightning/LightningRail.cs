using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Tributary.Crypto;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Lightning;

/// <summary>
/// Payments over the merchant's own channels: one BOLT 11 invoice for each attempt, its payment hash the attempt's reference. Every invoice is a
/// hold invoice whose preimage the rail derives: HTLCs are taken by a stored decision and by nothing else, also where capture is automatic.
/// </summary>
public sealed class LightningRail(
    Opening<LightningBackend> backend, IDatabase database, LightningRailOptions options, TimeProvider time, ILiquiditySource? liquidity = null)
    : IPaymentRail, ILightningReceiver
{
    /// <summary>Room for the events of one life of a node's log: what lies above it counts the lives.</summary>
    private const int SequenceBits = 40;

    // BOLT 11, field "d".
    private const int DescriptionBytesMax = 639;

    // A confirmation that comes right after the server's start waits for the node's.
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(5);

    private static readonly MilliSatoshis s_leastReceivable = new(1000);

    public RailKind Kind => RailKind.Lightning;

    public bool CanHold => true;

    public PaymentError? Check(CurrencyAmount amount, string? cardNumber) => null;

    public async ValueTask<Result<RailOffer, PaymentError>> OfferAsync(RailOfferRequest request, CancellationToken cancellationToken)
    {
        var due = (request.Quote ?? throw new ArgumentException("Lightning takes bitcoin: there must be a quote.", nameof(request))).Bitcoin;
        if (await backend.TryWaitAsync(s_startPatience, time, cancellationToken) is not { } current)
            return PaymentError.Unavailable("lightning_unavailable", "payment_method_data[type]", $"The Lightning node {backend.Problem}: try again in a moment, or pay in another way.");

        // An invoice without an amount can be paid as long as anything can be received.
        var isAny = due == MilliSatoshis.Zero;
        if (await CheckReceivableAsync(current.Node, isAny ? s_leastReceivable : due, cancellationToken) is { } lacking)
            return lacking;
        if (request.IsHeld && await CheckHeldAsync(current.Node, due, cancellationToken) is { } full)
            return full;

        var preimage = Preimages.Of(current.PreimageSecret, request.AttemptId);
        var seconds = Math.Max(1, Math.Ceiling((request.ExpiresAt - time.GetUtcNow()).TotalSeconds));
        var order = new InvoiceRequest(isAny ? null : due)
        {
            Description = request.DescriptionHash is null ? Shorten(request.Description ?? "") : "",
            DescriptionHash = request.DescriptionHash,
            Expiry = TimeSpan.FromSeconds(seconds),
            IsHold = true,
            PaymentHash = Hashes.Sha256(preimage.Span),
            MinFinalCltvDelta = request.IsHeld ? options.HoldMinFinalCltvDelta : options.MinFinalCltvDelta,
        };
        return (await current.Node.CreateInvoiceAsync(order, cancellationToken)).TryGet(out var invoice, out var refusal)
            ? new RailOffer(invoice.PaymentHash.ToString(), invoice.Text, Asset.Bitcoin, due.Value, [])
            : PaymentError.Unavailable("lightning_unavailable", "payment_method_data[type]", $"The Lightning node writes no invoice: {refusal.Reason}.");
    }

    public async ValueTask<ImmutableArray<RailReport>> ExecuteAsync(RailCommand command, PaymentAttempt attempt, CancellationToken cancellationToken)
    {
        // The command stays and comes again.
        if (backend.Current is not { } current)
            throw new IOException($"The Lightning node {backend.Problem}.");
        var hash = HashOf(attempt.Reference);
        return command switch
        {
            RailCommand.Settle => await SettleAsync(current, attempt, hash, cancellationToken),
            RailCommand.Release => await CancelAsync(current.Node, attempt, hash, cancellationToken),
            RailCommand.Withdraw => await CancelAsync(current.Node, attempt, hash, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
    }

    public async ValueTask<Result<MilliSatoshis, PaymentError>> ReceivableAsync(MilliSatoshis wanted, CancellationToken cancellationToken)
    {
        if (await backend.TryWaitAsync(s_startPatience, time, cancellationToken) is not { } current)
            return PaymentError.Unavailable("lightning_unavailable", null, $"The Lightning node {backend.Problem}: try again in a moment.");
        return await ReceivableAsync(current.Node, wanted, cancellationToken);
    }

    public Bytes32? ProofOf(PaymentFile file, PaymentAttempt attempt)
    {
        // Before the HTLC is taken the preimage is the money itself.
        var isSettled = file.Receipts.Any(receipt => receipt.Status == ReceiptStatus.Settled && string.Equals(receipt.AttemptId, attempt.Id, StringComparison.Ordinal));
        if (!isSettled || attempt.Rail != RailKind.Lightning || backend.Current is not { } current)
            return null;
        var preimage = Preimages.Of(current.PreimageSecret, attempt.Id);
        return Hashes.Sha256(preimage.Span) == HashOf(attempt.Reference) ? preimage : null;
    }

    public async IAsyncEnumerable<RailEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var node = (await backend.WaitAsync(cancellationToken)).Node;
        var life = after >> SequenceBits << SequenceBits;
        if (SequenceOf(after) > (long)(await node.GetPositionAsync(cancellationToken)).Sequence)
        {
            // The node was made anew, from its words or a backup, and counts from one: positions go on growing.
            life += 1L << SequenceBits;
            after = life;
        }

        await foreach (var one in node.FollowEventsAsync((ulong)SequenceOf(after), cancellationToken))
        {
            var position = life + (long)one.Sequence;
            if (position > after + 1)
            {
                // More has happened than the node keeps: whatever is still open is asked for.
                await foreach (var missed in CatchUpAsync(node, after, position, cancellationToken))
                    yield return missed;
            }

            after = position;
            if (ReportOf(one) is { } report)
                yield return new RailEvent(position, report);
        }
    }

    /// <summary>The node's event number of a position of this rail.</summary>
    internal static long SequenceOf(long position) => position & ((1L << SequenceBits) - 1);

    /// <summary>Is an event of this kind one that payments hear of?</summary>
    internal static bool IsReported(NodeEventKind kind) =>
        kind is NodeEventKind.PaymentHeld or NodeEventKind.PaymentReceived or NodeEventKind.InvoiceCancelled or NodeEventKind.InvoiceExpired;

    private static RailReport.Money? ReportOf(NodeEvent one)
    {
        var reference = one.Subject.ToString();
        return one.Kind switch
        {
            NodeEventKind.PaymentHeld => Money(reference, ReceiptStatus.Held, one.Amount, one.Hold?.SettleBefore(one.Time)),
            NodeEventKind.PaymentReceived => Money(reference, ReceiptStatus.Settled, one.Amount, null),
            NodeEventKind.InvoiceCancelled or NodeEventKind.InvoiceExpired => Money(reference, ReceiptStatus.Released, one.Amount, null),
            _ => null,
        };
    }

    private static RailReport.Money Money(string reference, ReceiptStatus status, MilliSatoshis amount, DateTimeOffset? captureBefore) =>
        new(reference, reference, status, amount.Value, captureBefore);

    private static Bytes32 HashOf(string reference) =>
        Bytes32.TryParse(reference, out var hash) ? hash : throw new InvalidOperationException($"'{reference}' is no payment hash.");

    private async Task<PaymentError?> CheckReceivableAsync(ILightningNode node, MilliSatoshis due, CancellationToken cancellationToken)
    {
        var receivable = await ReceivableAsync(node, due, cancellationToken);
        if (receivable >= due)
            return null;
        var message = receivable == MilliSatoshis.Zero
            ? "No Lightning channel can receive now: pay in another way, or try again later."
            : $"By Lightning at most {receivable.FloorToSatoshis().Value} sat can be received now, and this payment takes {due.CeilingToSatoshis().Value} sat: pay in another way.";
        return PaymentError.Invalid("lightning_cannot_receive", "payment_method_data[type]", message);
    }

    private async Task<MilliSatoshis> ReceivableAsync(ILightningNode node, MilliSatoshis wanted, CancellationToken cancellationToken)
    {
        var receivable = await ReceivableAsync(node, cancellationToken);
        if (receivable >= wanted || liquidity is null)
            return receivable;
        await liquidity.ProvideAsync(wanted, cancellationToken);
        return await ReceivableAsync(node, cancellationToken);
    }

    // A payer may split what no channel carries alone.
    private static async Task<MilliSatoshis> ReceivableAsync(ILightningNode node, CancellationToken cancellationToken)
    {
        var sum = MilliSatoshis.Zero;
        foreach (var channel in await node.ListChannelsAsync(cancellationToken))
        {
            if (channel.IsUsable)
                sum += channel.Receivable;
        }

        return sum;
    }

    private async Task<PaymentError?> CheckHeldAsync(ILightningNode node, MilliSatoshis due, CancellationToken cancellationToken)
    {
        var position = await node.GetPositionAsync(cancellationToken);
        return position.HeldCount < options.HeldMax && position.Held + due <= options.HeldAmountMax
            ? null
            : PaymentError.Invalid(
                "hold_limit_reached", "capture_method", $"{position.HeldCount} Lightning payments are held already: capture or cancel some, or take this one with automatic capture.");
    }

    private static async Task<ImmutableArray<RailReport>> SettleAsync(LightningBackend current, PaymentAttempt attempt, Bytes32 hash, CancellationToken cancellationToken)
    {
        var settled = await current.Node.SettleAsync(Preimages.Of(current.PreimageSecret, attempt.Id), cancellationToken);
        return settled.TryGet(out var payment, out var refusal)
            ? [Money(attempt.Reference, ReceiptStatus.Settled, payment.Amount, null)]
            : await FindEndAsync(current.Node, attempt, hash, refusal, cancellationToken);
    }

    private static async Task<ImmutableArray<RailReport>> CancelAsync(ILightningNode node, PaymentAttempt attempt, Bytes32 hash, CancellationToken cancellationToken)
    {
        var cancelled = await node.CancelAsync(hash, cancellationToken);
        return cancelled.TryGet(out _, out var refusal)
            ? [Money(attempt.Reference, ReceiptStatus.Released, new MilliSatoshis(attempt.Due), null)]
            : await FindEndAsync(node, attempt, hash, refusal, cancellationToken);
    }

    // Why a command was refused: because it was carried out before, because the other end was faster, or because now is not the time.
    private static async Task<ImmutableArray<RailReport>> FindEndAsync(ILightningNode node, PaymentAttempt attempt, Bytes32 hash, Refusal refusal, CancellationToken cancellationToken)
    {
        // Details are let go only when everything about a payment has been told.
        if (await node.FindPaymentAsync(hash, isOutgoing: false, cancellationToken) is not { } payment)
            return [];
        return payment.State switch
        {
            "received" => [Money(attempt.Reference, ReceiptStatus.Settled, payment.Amount, null)],
            "cancelled" or "expired" => [Money(attempt.Reference, ReceiptStatus.Released, new MilliSatoshis(attempt.Due), null)],
            _ => throw new IOException($"The Lightning node cannot do this now: {refusal.Reason}"),
        };
    }

    private async IAsyncEnumerable<RailEvent> CatchUpAsync(ILightningNode node, long after, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var room = (int)Math.Min(before - after - 1, int.MaxValue);
        var open = await database.ReadAsync((transaction, token) => PaymentStore.FindOpenReferencesAsync(transaction, RailKind.Lightning, room, token), cancellationToken);
        foreach (var reference in open)
        {
            if (await node.FindPaymentAsync(HashOf(reference), isOutgoing: false, cancellationToken) is not { } payment)
                continue;
            var report = payment.State switch
            {
                "held" => Money(reference, ReceiptStatus.Held, payment.Amount, payment.Hold?.SettleBefore(time.GetUtcNow())),
                "received" => Money(reference, ReceiptStatus.Settled, payment.Amount, null),
                "cancelled" or "expired" => Money(reference, ReceiptStatus.Released, payment.Amount, null),
                _ => null,
            };
            if (report is not null)
                yield return new RailEvent(++after, report);
        }
    }

    private static string Shorten(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= DescriptionBytesMax)
            return text;
        var shorter = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > DescriptionBytesMax)
                break;
            shorter.Append(rune.ToString());
        }

        return shorter.ToString();
    }
}
