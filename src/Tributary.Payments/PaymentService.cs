using System.Collections.Immutable;
using Tributary.Payments.Disputes;
using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments;

/// <summary>
/// The payment core for those who stand above it: creates and moves intents. Every change is one database transaction with its ledger entries,
/// its events and its commands to the rails; what a rail is told, it is told from the stored command.
/// </summary>
public sealed partial class PaymentService(
    IDatabase database,
    PaymentStore store,
    ObjectIds ids,
    Quoter quoter,
    IReadOnlyList<IPaymentRail> rails,
    PaymentOptions options,
    TimeProvider time,
    WorkSignal? signal = null,
    IRiskGate? gate = null)
{
    private static readonly TimeSpan s_lifetimeMax = TimeSpan.FromDays(30);

    /// <summary>Creates an intent. With a key, the answer is kept with the effect.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="effect">The request's entered idempotency key, or null.</param>
    /// <param name="cancellationToken">Ends the wait; once the transaction runs it is carried through.</param>
    public async Task<Result<PaymentFile, PaymentError>> CreateAsync(
        PaymentRequest request, IdempotentEffect? effect, CancellationToken cancellationToken)
    {
        if (!Draft(request).TryGet(out var file, out var error))
            return error;
        await ToldAsync(database.WriteAsync(
            async (transaction, token) =>
            {
                await store.InsertAsync(transaction, file, token);
                if (effect is not null)
                    await effect.WriteAsync(transaction, file, token);
                return true;
            },
            cancellationToken));
        return file;
    }

    /// <summary>An intent as a request wants it, checked and written nowhere: for those who store it together with what is theirs.</summary>
    public Result<PaymentFile, PaymentError> Draft(PaymentRequest request)
    {
        if (Check(request) is { } error)
            return error;
        var now = time.GetUtcNow();
        var id = ids.Next("pi");
        var nothing = request.Amount with { MinorUnits = 0 };
        return new PaymentFile(
            new PaymentIntent
            {
                Id = id,
                StoreId = request.StoreId,
                IsLive = request.IsLive,
                Amount = request.Amount,
                IsTopUp = request.IsTopUp,
                Status = IntentStatus.RequiresPaymentMethod,
                CaptureMethod = request.CaptureMethod,
                Rails = RailsOf(request),
                InvoiceId = request.InvoiceId,
                Terms = request.Terms,
                CustomerId = request.CustomerId,
                Description = request.Description,
                ReceiptEmail = request.ReceiptEmail,
                StatementDescriptor = request.StatementDescriptor,
                Shipping = request.Shipping,
                SetupFutureUsage = request.SetupFutureUsage,
                Metadata = request.Metadata,
                ClientSecret = $"{id}_secret_{ids.Random(24)}",
                CreatedAt = now,
                ExpiresAt = now + request.Lifetime,
                AmountReceived = nothing,
                AmountCapturable = nothing,
                Version = 1,
            },
            [],
            []);
    }

    /// <summary>The file of an intent; null where the server has none of that name.</summary>
    public async Task<PaymentFile?> FindAsync(string intentId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, intentId, token), cancellationToken);

    /// <summary>
    /// Asks a rail for a way to pay what is left, and gives it to the shopper. The rail is asked before anything is stored; an offer that comes to
    /// nothing because the intent has moved on is withdrawn by its own expiry.
    /// </summary>
    public async Task<Result<PaymentFile, PaymentError>> ConfirmAsync(
        string intentId, ConfirmRequest request, IdempotentEffect? effect, CancellationToken cancellationToken)
    {
        var file = await FindAsync(intentId, cancellationToken);
        if (file is null)
            return PaymentError.Missing("payment_intent", intentId);
        if (Check(request, file.Intent.Amount, file.Intent.CaptureMethod, file.Intent.Rails) is { } refused)
            return refused;
        if (request.Rail != RailKind.Card && options.IsBitcoinLive is { } isLive && isLive != file.Intent.IsLive)
            return PaymentError.Invalid("payment_method_not_available", "payment_method_data[type]", $"The bitcoin of this server is for {(isLive ? "live" : "test")} keys only.");
        if (!file.IsOwed || file.Intent.Status is IntentStatus.Canceled)
            return PaymentError.UnexpectedState("payment_intent_unexpected_state", $"This payment intent has the status {IntentWords.Of(file.Intent.Status)} and takes no further payment.");

        var attemptId = ids.Next("att");
        var rail = RailOf(request.Rail)!;
        var risk = await AssessAsync(file, attemptId, rail, request, cancellationToken);
        if (IsRefused(risk, request, rail))
            return await RefuseAsync(file, attemptId, request.Rail, risk!, effect, cancellationToken);
        var offered = await OfferAsync(file, attemptId, rail, request, risk, cancellationToken);
        if (!offered.TryGet(out var offer, out var error))
            return error;
        var (attempt, reports) = offer;
        return await ToldAsync(database.WriteAsync(
            async (transaction, token) =>
            {
                var current = await PaymentStore.FindAsync(transaction, intentId, token) ?? throw new InvalidOperationException($"{intentId} is gone.");
                if (!current.IsOwed || current.Rest.MinorUnits < attempt.Covers.MinorUnits || current.Intent.CanceledAt is not null)
                    return PaymentError.UnexpectedState("payment_intent_unexpected_state", "Money has arrived in the meantime: look at the payment intent again.");
                var result = await ApplyAsync(transaction, current, new IntentInput.Offer(attempt), token);
                if (result.IsOk)
                    await _reviews.OpenAsync(transaction, result.Value, attempt, token);
                foreach (var report in reports)
                    result = await ApplyReportAsync(transaction, result.Value, attempt, report, token);
                if (effect is not null)
                    await effect.WriteAsync(transaction, result.Value, token);
                return result;
            },
            cancellationToken));
    }

    /// <summary>Takes held money, all of it or a part.</summary>
    public Task<Result<PaymentFile, PaymentError>> CaptureAsync(
        string intentId, CurrencyAmount? amount, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        HandleAsync(intentId, new IntentInput.Capture(amount), effect, cancellationToken);

    /// <summary>Ends an intent without a payment.</summary>
    public Task<Result<PaymentFile, PaymentError>> CancelAsync(
        string intentId, CancellationReason reason, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        HandleAsync(intentId, new IntentInput.Cancel(reason), effect, cancellationToken);

    /// <summary>Ends an intent without a payment, in the transaction of a caller, who calls <see cref="Pulse"/> after the commit.</summary>
    public ValueTask<Result<PaymentFile, PaymentError>> CancelAsync(
        ISqlTransaction transaction, PaymentFile file, CancellationReason reason, CancellationToken cancellationToken) =>
        ApplyAsync(transaction, file, new IntentInput.Cancel(reason), cancellationToken);

    /// <summary>Says that something was committed that leaves commands and events behind.</summary>
    public void Pulse() => signal?.Pulse();

    /// <summary>Changes what a merchant says about an intent.</summary>
    public Task<Result<PaymentFile, PaymentError>> UpdateAsync(string intentId, IntentEdit edit, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        HandleAsync(intentId, new IntentInput.Update(edit), effect, cancellationToken);

    /// <summary>Lets an input act on an intent, in one transaction.</summary>
    public async Task<Result<PaymentFile, PaymentError>> HandleAsync(
        string intentId, IntentInput input, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        await ToldAsync(database.WriteAsync<Result<PaymentFile, PaymentError>>(
            async (transaction, token) =>
            {
                var file = await PaymentStore.FindAsync(transaction, intentId, token);
                if (file is null)
                    return PaymentError.Missing("payment_intent", intentId);
                var result = await ApplyAsync(transaction, file, input, token);
                if (effect is not null && result.IsOk)
                    await effect.WriteAsync(transaction, result.Value, token);
                return result;
            },
            cancellationToken));

    /// <summary>
    /// Applies a rail's report. What a rail says about an attempt that the server does not know is dropped: the offer never reached a shopper.
    /// </summary>
    /// <param name="rail">Who reports.</param>
    /// <param name="event">What, and its place in the rail's history; stored with the effect, so a restart goes on after it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ApplyAsync(RailKind rail, RailEvent @event, CancellationToken cancellationToken) => await ToldAsync(database.WriteAsync(
        async (transaction, token) =>
        {
            if (@event.Position <= await RailCursors.ReadAsync(transaction, rail, token))
                return false;
            await RailCursors.WriteAsync(transaction, rail, @event.Position, token);
            return await ApplyReportAsync(transaction, rail, @event.Report, token);
        },
        cancellationToken));

    /// <summary>Carries out the commands that are due; returns how many were answered for.</summary>
    public async Task<int> RunCommandsAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync((transaction, token) => RailCommands.FindDueAsync(transaction, time.GetUtcNow(), limit, token), cancellationToken);
        var done = 0;
        foreach (var command in due)
        {
            if (await RunCommandAsync(command, cancellationToken))
                done++;
        }

        return done;
    }

    /// <summary>Lets time act on intents that are due; returns how many it looked at.</summary>
    public async Task<int> TickAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync((transaction, token) => PaymentStore.FindDueAsync(transaction, time.GetUtcNow(), limit, token), cancellationToken);
        foreach (var intentId in due)
            await HandleAsync(intentId, new IntentInput.Tick(), null, cancellationToken);
        return due.Count;
    }

    /// <summary>
    /// Moves the clock of one intent, for tests of a shop: everything that ends, ends so much earlier, and time acts on what is over then. What a rail
    /// keeps of it stays: an invoice or an address can be paid as late as before.
    /// </summary>
    public async Task<Result<PaymentFile, PaymentError>> AdvanceAsync(string intentId, TimeSpan by, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        await ToldAsync(database.WriteAsync<Result<PaymentFile, PaymentError>>(
            async (transaction, token) =>
            {
                if (await PaymentStore.FindAsync(transaction, intentId, token) is not { } before)
                    return PaymentError.Missing("payment_intent", intentId);
                var intent = before.Intent;
                var moved = before with
                {
                    Intent = intent with { ExpiresAt = intent.ExpiresAt - by, CaptureBefore = intent.CaptureBefore - by, Version = intent.Version + 1 },
                    Attempts =
                    [
                        .. before.Attempts.Select(attempt => attempt with
                        {
                            ExpiresAt = attempt.ExpiresAt - by,
                            Quote = attempt.Quote is { } quote ? quote with { ExpiresAt = quote.ExpiresAt - by } : null,
                        }),
                    ],
                };
                await store.WriteAsync(transaction, before, moved, [], [], token);
                var result = await ApplyAsync(transaction, moved, new IntentInput.Tick(), token);
                if (effect is not null && result.IsOk)
                    await effect.WriteAsync(transaction, result.Value, token);
                return result;
            },
            cancellationToken));

    /// <summary>What is wrong with a request that also confirms, before anything is created; null where nothing is.</summary>
    public PaymentError? Check(PaymentRequest request, ConfirmRequest confirm) =>
        Check(request) ?? Check(confirm, request.Amount, request.CaptureMethod, RailsOf(request));

    private PaymentError? Check(ConfirmRequest confirm, CurrencyAmount amount, CaptureMethod captureMethod, ImmutableArray<RailKind> allowed)
    {
        if (RailOf(confirm.Rail) is not { } rail || !allowed.Contains(confirm.Rail))
            return PaymentError.Invalid("payment_method_not_available", "payment_method_data[type]", $"This payment intent cannot be paid by {confirm.Rail}.");
        return captureMethod == CaptureMethod.Manual && !rail.CanHold
            ? PaymentError.Invalid("capture_method_not_supported", "capture_method", $"{confirm.Rail} cannot hold money for a later capture.")
            : rail.Check(amount, confirm.CardNumber);
    }

    // What was committed may have left commands and events behind.
    private async Task<T> ToldAsync<T>(ValueTask<T> committing)
    {
        var result = await committing;
        signal?.Pulse();
        return result;
    }

    private int SpreadOf(PaymentIntent intent) => intent.Terms?.SpreadBasisPoints ?? options.SpreadBasisPoints;

    private IPaymentRail? RailOf(RailKind kind) => rails.FirstOrDefault(rail => rail.Kind == kind);

    private ImmutableArray<RailKind> RailsOf(PaymentRequest request) => request.Rails.IsEmpty ? [.. rails.Select(static rail => rail.Kind)] : request.Rails;

    private static PaymentError? Check(PaymentRequest request)
    {
        var amount = request.Amount;
        if (request.IsTopUp && (amount.MinorUnits != 0 || request.Rails.IsEmpty || request.Rails.Contains(RailKind.Card)))
            return PaymentError.Invalid("parameter_invalid", "amount", "What comes by bitcoin is the amount of a top-up: it names none, and no card.");
        if (amount.MinorUnits < 1 && !request.IsTopUp)
            return PaymentError.Invalid("parameter_invalid_integer", "amount", "The amount has to be at least one minor unit.");
        if (amount.MinorUnits > CurrencyAmount.LargestOf(amount.Currency))
            return PaymentError.Invalid("amount_too_large", "amount", $"The amount can be at most {new CurrencyAmount(CurrencyAmount.LargestOf(amount.Currency), amount.Currency)}.");
        if (request.Lifetime <= TimeSpan.Zero || request.Lifetime > s_lifetimeMax)
            return PaymentError.Invalid("parameter_invalid_integer", "expires_in", "An intent lives between a second and thirty days.");
        if (request.Rails.Distinct().Count() != request.Rails.Length)
            return PaymentError.Invalid("parameter_invalid", "payment_method_types", "A payment method type is named twice.");
        if (PaymentChecks.Metadata(request.Metadata) is { } metadata)
            return metadata;
        return request.Description is { Length: > 1000 } ? PaymentError.Invalid("parameter_invalid", "description", "At most 1,000 characters.") : null;
    }

    private async Task<Result<(PaymentAttempt Attempt, ImmutableArray<RailReport> Reports), PaymentError>> OfferAsync(
        PaymentFile file, string attemptId, IPaymentRail rail, ConfirmRequest request, RiskAssessment? risk, CancellationToken cancellationToken)
    {
        var rest = file.Rest;
        var now = time.GetUtcNow();
        var lifetime = file.Intent.Terms?.OfferLifetime ?? options.QuoteLifetime;
        var expiresAt = now + lifetime < file.Intent.ExpiresAt ? now + lifetime : file.Intent.ExpiresAt;
        var quote = rail.Kind == RailKind.Card ? null : request.Quote;
        if (quote is not null && (quote.Amount != rest || !quote.HoldsAt(now)))
            return PaymentError.UnexpectedState("quote_expired", "The price that was shown no longer holds: ask for it again.");
        if (quote is not null)
            expiresAt = quote.ExpiresAt < file.Intent.ExpiresAt ? quote.ExpiresAt : file.Intent.ExpiresAt;
        if (quote is null && rail.Kind != RailKind.Card)
        {
            var quoted = file.AwaitsAmount
                ? quoter.TryRate(rest.Currency, SpreadOf(file.Intent), expiresAt - now)
                : quoter.TryQuote(rest, SpreadOf(file.Intent), expiresAt - now);
            if (!quoted.TryGet(out quote, out var unpriced))
                return unpriced;
        }

        var isHeld = file.Intent.CaptureMethod == CaptureMethod.Manual || risk is { IsHeld: true };
        var made = await rail.OfferAsync(
            new RailOfferRequest(attemptId, rest, quote, file.Intent.Description, expiresAt, isHeld, request.CardNumber)
            {
                ConfirmationsMin = file.Intent.Terms?.ConfirmationsMin ?? 1,
                IsElevated = risk is { Verdict: not RiskVerdict.Allow },
                DescriptionHash = request.DescriptionHash,
                IsOffSession = request.IsOffSession,
                MustAuthenticate = risk is { Verdict: RiskVerdict.StepUp } && !request.Clues.IsAuthenticated,
            },
            cancellationToken);
        if (!made.TryGet(out var offer, out var error))
            return error;
        var attempt = new PaymentAttempt
        {
            Id = attemptId,
            Rail = rail.Kind,
            Status = AttemptStatus.Open,
            Reference = offer.Reference,
            Instruction = offer.Instruction,
            Covers = rest,
            Asset = offer.Asset,
            Due = offer.Due,
            Confirmations = offer.Confirmations,
            CardLastFour = offer.CardLastFour,
            AwaitsPayer = offer.AwaitsPayer,
            ReturnUrl = offer.AwaitsPayer ? request.ReturnUrl : null,
            RefundDestination = request.RefundDestination,
            PaymentMethodId = request.PaymentMethodId,
            Quote = quote,
            CreatedAt = now,
            ExpiresAt = expiresAt,
            Risk = risk,
        };
        return (attempt, offer.Reports);
    }

    private async ValueTask<bool> RunCommandAsync(StoredRailCommand stored, CancellationToken cancellationToken)
    {
        var file = await FindAsync(stored.IntentId, cancellationToken) ?? throw new InvalidOperationException($"A command for {stored.IntentId}, which is not there.");
        var attempt = file.FindAttempt(stored.Command.AttemptId) ?? throw new InvalidOperationException($"A command for {stored.Command.AttemptId}, which is not there.");
        var rail = RailOf(attempt.Rail) ?? throw new InvalidOperationException($"A command for {attempt.Rail}, which this server does not run.");
        ImmutableArray<RailReport> reports;
        try
        {
            reports = await rail.ExecuteAsync(stored.Command, attempt, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or HttpRequestException)
        {
            // Nobody knows what the rail did: the same command again, later, and never another one instead.
            await database.WriteAsync((transaction, token) => RailCommands.PostponeAsync(transaction, stored, time.GetUtcNow(), token), cancellationToken);
            return false;
        }

        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (!await RailCommands.RemoveAsync(transaction, stored, token))
                    return false;
                foreach (var report in reports)
                    await ApplyReportAsync(transaction, attempt.Rail, report, token);
                return true;
            },
            cancellationToken);
    }

    private async ValueTask<bool> ApplyReportAsync(ISqlTransaction transaction, RailKind rail, RailReport report, CancellationToken cancellationToken)
    {
        var file = await PaymentStore.FindByReferenceAsync(transaction, rail, report.AttemptReference, cancellationToken);
        if (file is null)
            return false;
        var attempt = file.Attempts.First(attempt => attempt.Rail == rail && string.Equals(attempt.Reference, report.AttemptReference, StringComparison.Ordinal));
        var result = await ApplyReportAsync(transaction, file, attempt, report, cancellationToken);
        return result.IsOk;
    }

    private async ValueTask<Result<PaymentFile, PaymentError>> ApplyReportAsync(
        ISqlTransaction transaction, PaymentFile file, PaymentAttempt attempt, RailReport report, CancellationToken cancellationToken)
    {
        if (report is not RailReport.Disputed disputed)
            return await ApplyAsync(transaction, file, InputOf(file, attempt, report), cancellationToken);

        // A dispute of money that is not there says nothing.
        var handled = DisputeMachine.Handle(file, new DisputeInput.Open(disputed.DisputeId, disputed.Reference, disputed.Reason), time.GetUtcNow());
        if (!handled.TryGet(out var change) || change.IsNothing)
            return file;
        await DisputeStore.WriteAsync(transaction, store, file, change, cancellationToken);
        return change.File;
    }

    private IntentInput InputOf(PaymentFile file, PaymentAttempt attempt, RailReport report) => report switch
    {
        RailReport.Money money => new IntentInput.Report(
            attempt.Id, money.Reference, money.Status, AmountOf(file, money), quoter.PriceNow(file.Intent.Amount.Currency, SpreadOf(file.Intent)), money.CaptureBefore),
        RailReport.Refused refused => new IntentInput.Fail(attempt.Id, refused.Code, refused.DeclineCode, refused.Message),
        _ => throw new ArgumentOutOfRangeException(nameof(report)),
    };

    // What goes away goes away whole: a rail that has let go of money need not know any more how much it was.
    private static long AmountOf(PaymentFile file, RailReport.Money money) => money.Status is ReceiptStatus.Released or ReceiptStatus.Vanished
        ? file.FindReceipt(money.Reference)?.Amount ?? Math.Max(1, money.Amount)
        : money.Amount;

    private async ValueTask<Result<PaymentFile, PaymentError>> ApplyAsync(
        ISqlTransaction transaction, PaymentFile file, IntentInput input, CancellationToken cancellationToken)
    {
        var handled = IntentMachine.Handle(file, input, time.GetUtcNow());
        if (!handled.TryGet(out var change, out var error))
            return error;
        await store.UpdateAsync(transaction, file, change, cancellationToken);
        return change.File;
    }
}
