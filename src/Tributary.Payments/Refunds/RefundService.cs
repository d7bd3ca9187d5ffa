using System.Collections.Immutable;
using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Quotes;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Refunds;

/// <summary>
/// Refunds for those who stand above the core: opens, claims, approves and cancels them, and gives back by itself what came too much or too late.
/// Every step is one database transaction with the ledger entries, the events and the transfer that a rail is asked for afterwards.
/// </summary>
public sealed class RefundService(
    IDatabase database, RefundStore store, OutgoingRouter router, OutgoingEngine engine, ObjectIds ids, Quoter quoter, IPriceSource prices, OutgoingOptions options, TimeProvider time,
    IRiskGate? gate = null)
{
    private const int TokenLength = 32;
    private const int TokenTextMax = 64;
    private const string ExcessCursor = "refunds of excess";
    private static readonly TimeSpan s_claimMin = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_claimMax = TimeSpan.FromDays(365);

    /// <summary>Decides on a refund. It is sent by <see cref="SendAsync"/>, or by the work in the background.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="effect">The request's entered idempotency key, or null; the refund is the file's last.</param>
    /// <param name="cancellationToken">Ends the wait; once the transaction runs it is carried through.</param>
    public async Task<Result<RefundView, PaymentError>> CreateAsync(RefundRequest request, IdempotentEffect? effect, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong;

        // Judged before anything is decided; what a person is to look at waits for one who agrees.
        var risk = await RefundRisk.AssessAsync(gate, database, request, cancellationToken);
        return await database.WriteAsync<Result<RefundView, PaymentError>>(
            async (transaction, token) =>
            {
                var opened = await OpenAsync(transaction, request, risk, token);
                if (effect is not null && opened.TryGet(out var view))
                    await effect.WriteAsync(transaction, view.File, token);
                return opened;
            },
            cancellationToken);
    }

    /// <summary>Opens a refund in a transaction of the caller; an error has written nothing.</summary>
    internal async ValueTask<Result<RefundView, PaymentError>> OpenAsync(ISqlTransaction transaction, RefundRequest request, RiskAssessment? risk, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong;
        if (risk is { Verdict: RiskVerdict.Block })
            return RefundRisk.Refused(risk);
        var file = await PaymentStore.FindAsync(transaction, request.IntentId, cancellationToken);
        if (file is null || file.Intent.IsLive != request.IsLive || !string.Equals(file.Intent.StoreId, request.StoreId, StringComparison.Ordinal))
            return PaymentError.Missing("payment_intent", request.IntentId);
        if (!Plan(file, request).TryGet(out var plan, out var error))
            return error;
        if (plan.Origin is not null && (request.Destination is not null || request.IsBitcoinOnly))
            return PaymentError.Invalid("parameter_invalid", "destination", "A card payment goes back to its card: it takes no destination.");
        var policy = await OutgoingPolicies.ReadAsync(transaction, request.StoreId, request.IsLive, cancellationToken);
        var needsApproval = request.NeedsApproval || risk is { Verdict: RiskVerdict.Review or RiskVerdict.StepUp } || policy.NeedsApproval(plan.Asset.Code, plan.Gross);
        if (needsApproval && request.ApprovedBy is not null)
        {
            if (string.Equals(request.ApprovedBy, request.Actor, StringComparison.Ordinal))
                return RefundMachine.ApprovedByCreator;
            needsApproval = false;
        }

        var refund = New(plan, isExcess: false, request.Reason, request.FeeBearer, request.Actor, request.Destination, request.ClaimLifetime ?? options.ClaimLifetime) with
        {
            Metadata = request.Metadata,
            Risk = risk,
            ApprovedBy = request.ApprovedBy,
            Status = needsApproval ? RefundStatus.AwaitingApproval : RefundStatus.RequiresAction,
        };

        // A destination that cannot be paid is refused now, whoever has to agree later.
        if (!(await RouteAsync(transaction, refund, plan.Origin, refund.Destination, cancellationToken)).TryGet(out var route, out error))
            return error;
        if (request.Guard is not null && await request.Guard.TakeAsync(transaction, plan.Asset, plan.Gross, cancellationToken) is { } exceeded)
            return exceeded;
        var opened = needsApproval ? route with { Transfer = null } : route;
        return await store.ApplyAsync(transaction, file, new RefundInput.Open(refund, opened.Transfer), opened.Reference, cancellationToken);
    }

    /// <summary>What the risk gate says of a refund that is about to be decided on; null without a gate.</summary>
    internal ValueTask<RiskAssessment?> AssessAsync(RefundRequest request, CancellationToken cancellationToken) => RefundRisk.AssessAsync(gate, database, request, cancellationToken);

    /// <summary>
    /// The refund of what came too much or too late over bitcoin rails, which nobody has claimed yet; it is opened where the work in the background has
    /// not done so.
    /// </summary>
    internal async ValueTask<Result<RefundView, PaymentError>> OpenExcessAsync(ISqlTransaction transaction, PaymentFile file, CancellationToken cancellationToken)
    {
        if (file.Refunds.LastOrDefault(static refund => refund is { IsExcess: true, Status: RefundStatus.RequiresAction, ClaimToken: not null }) is { } known)
            return new RefundView(file, known);
        if (RefundPlanner.PlanExcess(file, options.ExcessMinMilliSatoshis).Find(static plan => plan.Origin is null) is not { } plan)
            return PaymentError.UnexpectedState("nothing_overpaid", "Nothing was paid too much that has not gone back, or is on its way.");
        var refund = New(plan, isExcess: true, RefundReason.Excess, FeeBearer.Merchant, "system", null, options.ClaimLifetime);
        return await store.ApplyAsync(transaction, file, new RefundInput.Open(refund, null), null, cancellationToken);
    }

    /// <summary>The shopper says where the money goes, in a transaction of the caller.</summary>
    internal async ValueTask<Result<RefundView, PaymentError>> ClaimAsync(ISqlTransaction transaction, RefundView view, string destination, CancellationToken cancellationToken)
    {
        if (view.Refund.Status != RefundStatus.RequiresAction)
            return PaymentError.UnexpectedState("refund_unexpected_state", "This refund is on its way already.");
        if (!(await RouteAsync(transaction, view.Refund, null, destination, cancellationToken)).TryGet(out var route, out var error))
            return error;
        return await store.ApplyAsync(transaction, view.File, new RefundInput.Claim(view.Refund.Id, route.Transfer!), route.Reference, cancellationToken);
    }

    /// <summary>Somebody else agrees, in a transaction of the caller; the shopper says where to afterwards.</summary>
    internal ValueTask<Result<RefundView, PaymentError>> ApproveAsync(ISqlTransaction transaction, RefundView view, string actor, CancellationToken cancellationToken) =>
        store.ApplyAsync(transaction, view.File, new RefundInput.Approve(view.Refund.Id, actor, null), null, cancellationToken);

    /// <summary>Takes a refund back that nobody has claimed, in a transaction of the caller.</summary>
    internal ValueTask<Result<RefundView, PaymentError>> CancelAsync(ISqlTransaction transaction, RefundView view, CancellationToken cancellationToken) =>
        store.ApplyAsync(transaction, view.File, new RefundInput.Cancel(view.Refund.Id), null, cancellationToken);

    /// <summary>Sends what is due of a refund now, and says how it stands.</summary>
    public async Task<RefundView> SendAsync(RefundView view, CancellationToken cancellationToken)
    {
        await engine.RunAsync(view.Refund.Id, cancellationToken);
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, view.File.Intent.Id, token), cancellationToken);
        return new RefundView(file!, file!.FindRefund(view.Refund.Id)!);
    }

    /// <summary>A refund of a store; null where it has none of that name.</summary>
    public async Task<RefundView?> FindAsync(string storeId, bool isLive, string refundId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => FindAsync(transaction, storeId, isLive, refundId, token), cancellationToken);

    /// <summary>Refunds of a store, the newest first.</summary>
    public async Task<List<RefundView>> ListAsync(RefundQuery query, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => RefundStore.ListAsync(transaction, query, token), cancellationToken);

    /// <summary>The refund of a claim link, for the page behind it; null where the link is none, or the refund is paid, over or taken back.</summary>
    public async Task<RefundView?> FindByClaimAsync(string token, CancellationToken cancellationToken) =>
        token.Length is 0 or > TokenTextMax ? null : await database.ReadAsync((transaction, cancel) => RefundStore.FindByClaimAsync(transaction, token, cancel), cancellationToken);

    /// <summary>What an invoice for a refund has to name, in millisatoshis: the whole, less the fee where the shopper bears it.</summary>
    public long LightningAmountOf(Refund refund) => router.OverLightning(refund.Gross, refund.FeeBearer == FeeBearer.Shopper);

    /// <summary>The shopper says where the money goes: a Lightning invoice or a Bitcoin address.</summary>
    /// <param name="token">What the claim link carries.</param>
    /// <param name="destination">As the shopper wrote it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<RefundView, PaymentError>> ClaimAsync(string token, string destination, CancellationToken cancellationToken)
    {
        if (token.Length is 0 or > TokenTextMax)
            return PaymentError.Missing("refund", "link");
        return await database.WriteAsync<Result<RefundView, PaymentError>>(
            async (transaction, cancel) =>
            {
                return await RefundStore.FindByClaimAsync(transaction, token, cancel) is { } view
                    ? await ClaimAsync(transaction, view, destination, cancel)
                    : PaymentError.Missing("refund", "link");
            },
            cancellationToken);
    }

    /// <summary>Somebody else than whoever asked agrees to a refund above the limit.</summary>
    public Task<Result<RefundView, PaymentError>> ApproveAsync(
        string storeId, bool isLive, string refundId, string actor, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        ChangeAsync(
            storeId,
            isLive,
            refundId,
            effect,
            async (transaction, file, refund, token) =>
            {
                if (refund.Status != RefundStatus.AwaitingApproval || string.Equals(refund.CreatedBy, actor, StringComparison.Ordinal))
                    return await store.ApplyAsync(transaction, file, new RefundInput.Approve(refund.Id, actor, null), null, token);

                // An invoice that has expired since falls back to the claim link.
                var origin = OriginOf(file, refund);
                var route = await RouteAsync(transaction, refund, origin, refund.Destination, token);
                var (transfer, reference) = route.TryGet(out var found) ? (found.Transfer, found.Reference) : (null, null);
                return await store.ApplyAsync(transaction, file, new RefundInput.Approve(refund.Id, actor, transfer), reference, token);
            },
            cancellationToken);

    /// <summary>Takes a refund back that nobody has claimed or approved.</summary>
    public Task<Result<RefundView, PaymentError>> CancelAsync(string storeId, bool isLive, string refundId, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        ChangeAsync(
            storeId, isLive, refundId, effect, (transaction, file, refund, token) => store.ApplyAsync(transaction, file, new RefundInput.Cancel(refund.Id), null, token), cancellationToken);

    /// <summary>Changes a refund's metadata.</summary>
    public async Task<Result<RefundView, PaymentError>> UpdateAsync(
        string storeId, bool isLive, string refundId, Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> merge, IdempotentEffect? effect, CancellationToken cancellationToken) =>
        await ChangeAsync(
            storeId,
            isLive,
            refundId,
            effect,
            async (transaction, file, refund, token) =>
            {
                var metadata = merge(refund.Metadata);
                return PaymentChecks.Metadata(metadata) is { } error
                    ? error
                    : await store.ApplyAsync(transaction, file, new RefundInput.Update(refund.Id, metadata), null, token);
            },
            cancellationToken);

    /// <summary>Lets the time of a refund that nobody has claimed be over, for tests of a shop.</summary>
    public async Task<Result<RefundView, PaymentError>> ExpireAsync(
        string storeId, bool isLive, string refundId, IdempotentEffect? effect, CancellationToken cancellationToken) => await ChangeAsync(
        storeId,
        isLive,
        refundId,
        effect,
        async (transaction, file, refund, token) =>
        {
            if (refund.Status != RefundStatus.RequiresAction)
                return PaymentError.UnexpectedState("refund_unexpected_state", $"Only a refund that waits for the shopper expires; this one is {RefundWords.NameOf(refund.Status)}.");
            var over = file with { Refunds = file.Refunds.Replace(refund, refund with { ExpiresAt = time.GetUtcNow() }) };
            return await store.ApplyAsync(transaction, over, new RefundInput.Expire(refundId), null, token);
        },
        cancellationToken);

    /// <summary>Lets time act on refunds that nobody claimed; returns how many it looked at.</summary>
    public async Task<int> TickAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync((transaction, token) => RefundStore.FindDueAsync(transaction, time.GetUtcNow(), limit, token), cancellationToken);
        foreach (var refundId in due)
        {
            await database.WriteAsync(
                async (transaction, token) => await RefundStore.FindFileAsync(transaction, refundId, token) is { } file
                    && (await store.ApplyAsync(transaction, file, new RefundInput.Expire(refundId), null, token)).IsOk,
                cancellationToken);
        }

        return due.Count;
    }

    /// <summary>
    /// Opens refunds for money that came too much or too late, from the events that tell of it; the cursor is stored with the refund. Returns how
    /// many events it looked at.
    /// </summary>
    public async Task<int> FollowExcessAsync(int limit, CancellationToken cancellationToken)
    {
        var after = await database.ReadAsync(static (transaction, token) => ReadCursorAsync(transaction, token), cancellationToken);
        var events = await OutboxLog.ReadAsync(database, after, limit, cancellationToken);
        if (events.Count == 0)
            return 0;
        var kind = IntentWords.Of(IntentEventKind.ExcessReceived);
        foreach (var told in events.Where(told => string.Equals(told.Kind, kind, StringComparison.Ordinal)))
            await database.WriteAsync((transaction, token) => OpenExcessAsync(transaction, told, token), cancellationToken);
        await database.WriteAsync((transaction, token) => WriteCursorAsync(transaction, events[^1].Position, token), cancellationToken);
        return events.Count;
    }

    private async ValueTask<bool> OpenExcessAsync(ISqlTransaction transaction, OutboxEvent told, CancellationToken cancellationToken)
    {
        var file = await PaymentStore.FindAsync(transaction, told.ObjectId, cancellationToken) ?? throw new InvalidOperationException($"{told.ObjectId} is gone.");
        var destination = file.Attempts.LastOrDefault(static attempt => attempt.RefundDestination is not null)?.RefundDestination;
        foreach (var plan in RefundPlanner.PlanExcess(file, options.ExcessMinMilliSatoshis))
        {
            var refund = New(plan, isExcess: true, RefundReason.Excess, FeeBearer.Merchant, "system", plan.Origin is null ? destination : null, options.ClaimLifetime);
            var routed = await RouteAsync(transaction, refund, plan.Origin, refund.Destination, cancellationToken);
            var (transfer, reference) = routed.TryGet(out var route) ? (route.Transfer, route.Reference) : (null, null);
            var opened = await store.ApplyAsync(transaction, file, new RefundInput.Open(refund, transfer), reference, cancellationToken);
            if (!opened.TryGet(out var view))
                break;
            file = view.File;
        }

        await WriteCursorAsync(transaction, told.Position, cancellationToken);
        return true;
    }

    private Task<Result<RefundView, PaymentError>> ChangeAsync(
        string storeId,
        bool isLive,
        string refundId,
        IdempotentEffect? effect,
        Func<ISqlTransaction, PaymentFile, Refund, CancellationToken, ValueTask<Result<RefundView, PaymentError>>> change,
        CancellationToken cancellationToken) => database.WriteAsync(
            async (transaction, token) =>
            {
                if (await FindAsync(transaction, storeId, isLive, refundId, token) is not var (file, refund))
                    return PaymentError.Missing("refund", refundId);
                var changed = await change(transaction, file, refund, token);
                if (effect is not null && changed.TryGet(out var view))
                    await effect.WriteAsync(transaction, view.File, token);
                return changed;
            },
            cancellationToken).AsTask();

    private static async ValueTask<RefundView?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string refundId, CancellationToken cancellationToken)
    {
        var file = await RefundStore.FindFileAsync(transaction, refundId, cancellationToken);
        return file is not null && file.Intent.IsLive == isLive && string.Equals(file.Intent.StoreId, storeId, StringComparison.Ordinal)
            ? new RefundView(file, file.FindRefund(refundId)!)
            : null;
    }

    private Refund New(RefundPlan plan, bool isExcess, RefundReason reason, FeeBearer bearer, string actor, string? destination, TimeSpan claimLifetime)
    {
        var now = time.GetUtcNow();
        return new Refund
        {
            Id = ids.Next("re"),
            Amount = plan.Amount,
            IsExcess = isExcess,
            Asset = plan.Asset,
            Gross = plan.Gross,
            FeeBearer = plan.Origin is null ? bearer : FeeBearer.Merchant,
            Rate = plan.Rate,
            Reason = reason,
            Status = RefundStatus.RequiresAction,
            CreatedBy = actor,
            CreatedAt = now,
            Destination = destination,
            ClaimToken = plan.Origin is null ? ids.Token(TokenLength) : null,
            ExpiresAt = plan.Origin is null ? now + claimLifetime : null,
            Parts = plan.Parts,
            Transfers = [],
            Version = 0,
        };
    }

    // The transfer of a refund: back by the way it came, to the destination, or none where nobody has named one.
    private async ValueTask<Result<(RefundTransfer? Transfer, string? Reference), PaymentError>> RouteAsync(
        ISqlTransaction transaction, Refund refund, PaymentAttempt? origin, string? destination, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var transfer = new RefundTransfer
        {
            Id = refund.Transfers.IsEmpty ? refund.Id : $"{refund.Id}_{refund.Transfers.Length + 1}",
            Rail = RailKind.Card,
            Destination = "",
            Amount = refund.Gross,
            FeeMax = 0,
            ShopperFee = 0,
            OriginAttemptId = origin?.Id,
            Status = RefundTransferStatus.Pending,
            CreatedAt = now,
        };
        if (origin is not null)
            return (transfer with { Rail = origin.Rail }, null);
        if (destination is null)
            return (null, null);
        var found = await router.FindAsync(transaction, destination, refund.Gross, refund.FeeBearer == FeeBearer.Shopper, now, cancellationToken);
        if (!found.TryGet(out var route, out var error))
            return error;
        transfer = transfer with
        {
            Rail = route.Rail,
            Destination = route.Destination.Destination,
            Reference = route.Destination.Reference,
            Amount = route.Amount,
            FeeMax = route.FeeMax,
            ShopperFee = route.ReceiverFee,
        };
        return (transfer, route.Destination.Reference);
    }

    private Result<RefundPlan, PaymentError> Plan(PaymentFile file, RefundRequest request)
    {
        if (request.Gross is { } gross)
            return RefundPlanner.PlanBitcoin(file, gross);
        var amount = request.Amount is { } minorUnits ? file.Intent.Amount with { MinorUnits = minorUnits } : (CurrencyAmount?)null;
        return RefundPlanner.Plan(file, amount, request.Rate, RateNow(file.Intent.Amount.Currency));
    }

    private RefundRate? RateNow(Currency currency) =>
        currency.IsBitcoin || quoter.PriceNow(currency, 0) is not { } price || prices.Find(currency) is not { } observed
            ? null
            : new RefundRate(RefundRateKind.Current, price, prices.Name, observed.At);

    private static PaymentAttempt? OriginOf(PaymentFile file, Refund refund)
    {
        var attempt = file.FindAttempt(file.FindReceipt(refund.Parts[0].Receipt)!.AttemptId)!;
        return attempt.Rail == RailKind.Card ? attempt : null;
    }

    private static PaymentError? Check(RefundRequest request)
    {
        if (request.ClaimLifetime is { } lifetime && (lifetime < s_claimMin || lifetime > s_claimMax))
            return PaymentError.Invalid("parameter_invalid_integer", "expires_in", "A claim link lives between an hour and a year.");
        return PaymentChecks.Metadata(request.Metadata);
    }

    private static ValueTask<long> ReadCursorAsync(ISqlTransaction transaction, CancellationToken cancellationToken) => transaction.FirstOrDefaultAsync(
        "SELECT position FROM outgoing_cursors WHERE name = @name", new SqlArguments { { "name", ExcessCursor } }, static row => row.Integer(0), cancellationToken);

    private static async ValueTask<bool> WriteCursorAsync(ISqlTransaction transaction, long position, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            "INSERT INTO outgoing_cursors (name, position) VALUES (@name, @position) ON CONFLICT (name) DO UPDATE SET position = @position",
            new SqlArguments { { "name", ExcessCursor }, { "position", position } },
            cancellationToken);
        return true;
    }
}
