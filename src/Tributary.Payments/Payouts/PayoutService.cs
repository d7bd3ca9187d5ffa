using System.Collections.Immutable;
using Tributary.Payments.Balances;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Rails;
using Tributary.Payments.Risk;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Payouts;

/// <summary>
/// Payouts for those who stand above the core. A payout takes its money from what the store may spend in the transaction that decides on it; a
/// second person agrees above the limit, a new destination waits, and what a rail has heard of is taken back by nobody.
/// </summary>
public sealed class PayoutService(
    IDatabase database, PayoutStore store, OutgoingRouter router, OutgoingEngine engine, IReadOnlyList<IOutgoingRail> rails, ObjectIds ids, TimeProvider time,
    IRiskGate? gate = null)
{
    private const long SweepMin = 10_000_000;
    private const long MilliSatoshisPerSatoshi = 1000;

    /// <summary>What is done in the transaction of an effect: the answer of the request is kept with it.</summary>
    public delegate ValueTask Written(ISqlTransaction transaction, Payout payout, CancellationToken cancellationToken);

    /// <summary>Decides on a payout. It is sent by <see cref="SendAsync"/>, or by the work in the background.</summary>
    public async Task<Result<Payout, PaymentError>> CreateAsync(PayoutRequest request, Written? written, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong;

        // Judged before anything is decided; what a person is to look at waits for one who agrees.
        var risk = await AssessAsync(request, cancellationToken);
        return await database.WriteAsync<Result<Payout, PaymentError>>(
            async (transaction, token) =>
            {
                var created = await DecideAsync(transaction, request, risk, token);
                if (written is not null && created.TryGet(out var payout))
                    await written(transaction, payout, token);
                return created;
            },
            cancellationToken);
    }

    /// <summary>Sends a payout now where it may be, and says how it stands.</summary>
    public async Task<Payout> SendAsync(Payout payout, CancellationToken cancellationToken)
    {
        await engine.RunAsync(payout.Id, cancellationToken);
        return (await database.ReadAsync((transaction, token) => PayoutStore.FindAsync(transaction, payout.Id, token), cancellationToken))!;
    }

    /// <summary>A payout of a store; null where it has none of that name.</summary>
    public async Task<Payout?> FindAsync(string storeId, bool isLive, string payoutId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => FindAsync(transaction, storeId, isLive, payoutId, token), cancellationToken);

    /// <summary>Payouts of a store, the newest first.</summary>
    public async Task<List<Payout>> ListAsync(PayoutQuery query, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PayoutStore.ListAsync(transaction, query, token), cancellationToken);

    /// <summary>Somebody else than whoever asked agrees.</summary>
    public Task<Result<Payout, PaymentError>> ApproveAsync(string storeId, bool isLive, string payoutId, string actor, Written? written, CancellationToken cancellationToken) =>
        ChangeAsync(
            storeId,
            isLive,
            payoutId,
            async (transaction, payout, token) =>
            {
                var approved = PayoutMachine.Handle(payout, new PayoutInput.Approve(actor));
                if (!approved.TryGet(out var change))
                    return approved;

                // The invoice may have been used, or have ended, while nobody agreed.
                string? reference = null;
                if (payout.Destination.Length > 0)
                {
                    var sendAt = payout.SendAt > time.GetUtcNow() ? payout.SendAt : time.GetUtcNow();
                    if (!(await router.FindAsync(transaction, payout.Destination, payout.Gross, receiverPays: false, sendAt, token)).TryGet(out var route, out var gone))
                        return gone;
                    reference = route.Destination.Reference;
                }

                await OrderAsync(transaction, change.Payout, reference, token);
                return approved;
            },
            written,
            cancellationToken);

    /// <summary>Takes a payout back that no rail has heard of.</summary>
    public Task<Result<Payout, PaymentError>> CancelAsync(string storeId, bool isLive, string payoutId, Written? written, CancellationToken cancellationToken) =>
        ChangeAsync(
            storeId,
            isLive,
            payoutId,
            static (transaction, payout, token) => WithdrawAsync(transaction, payout, token),
            written,
            cancellationToken);

    /// <summary>The same in a transaction of the caller.</summary>
    internal async ValueTask<Result<Payout, PaymentError>> CancelAsync(ISqlTransaction transaction, Payout payout, CancellationToken cancellationToken)
    {
        if (!(await WithdrawAsync(transaction, payout, cancellationToken)).TryGet(out var change, out var error))
            return error;
        await store.WriteAsync(transaction, change, cancellationToken);
        return change.Payout;
    }

    /// <summary>Changes a payout's metadata.</summary>
    public Task<Result<Payout, PaymentError>> UpdateAsync(
        string storeId,
        bool isLive,
        string payoutId,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> merge,
        Written? written,
        CancellationToken cancellationToken) => ChangeAsync(
            storeId,
            isLive,
            payoutId,
            (_, payout, _) =>
            {
                var metadata = merge(payout.Metadata);
                return ValueTask.FromResult(PaymentChecks.Metadata(metadata) is { } error ? error : PayoutMachine.Handle(payout, new PayoutInput.Update(metadata)));
            },
            written,
            cancellationToken);

    /// <summary>A store's policy.</summary>
    public async Task<OutgoingPolicy> PolicyAsync(string storeId, bool isLive, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => OutgoingPolicies.ReadAsync(transaction, storeId, isLive, token), cancellationToken);

    /// <summary>Sets a store's policy. A new destination waits as long as the policy that it replaces says: a thief who shortens the time gains nothing.</summary>
    public async Task<Result<OutgoingPolicy, PaymentError>> SetPolicyAsync(string storeId, bool isLive, OutgoingPolicy policy, CancellationToken cancellationToken)
    {
        if (policy.DestinationDelay < TimeSpan.Zero || policy.DestinationDelay > TimeSpan.FromDays(30))
            return PaymentError.Invalid("parameter_invalid", "destination_delay", "A new destination waits for at most thirty days.");
        if (policy.HotWalletCap is { } cap && (cap < 0 || policy.Destination is null))
            return PaymentError.Invalid("parameter_invalid", "hot_wallet_cap", "A cap needs a destination for what is above it.");
        if (policy.Destination is { } destination && rails.FirstOrDefault(static rail => rail.Kind == RailKind.OnChain)?.Read(destination, SweepMin).IsOk == false)
            return PaymentError.Invalid("parameter_invalid", "destination", "The destination has to be a Bitcoin address.");
        await database.WriteAsync(
            async (transaction, token) =>
            {
                var before = await OutgoingPolicies.ReadAsync(transaction, storeId, isLive, token);
                var waits = policy.DestinationDelay < before.DestinationDelay ? before.DestinationDelay - policy.DestinationDelay : TimeSpan.Zero;
                await OutgoingPolicies.WriteAsync(transaction, storeId, isLive, policy, time.GetUtcNow() + waits, token);
                return true;
            },
            cancellationToken);
        return policy;
    }

    /// <summary>Sweeps what stores hold above their cap; returns how many payouts it made.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var made = 0;
        foreach (var (storeId, isLive, policy) in await database.ReadAsync(static (transaction, token) => OutgoingPolicies.ReadCappedAsync(transaction, token), cancellationToken))
        {
            var isMade = await database.WriteAsync(
                async (transaction, token) =>
                {
                    var spendable = await StoreBalances.SpendableAsync(transaction, storeId, isLive, Asset.Bitcoin, token);
                    var above = (spendable - policy.HotWalletCap!.Value) / MilliSatoshisPerSatoshi;
                    if (above * MilliSatoshisPerSatoshi < SweepMin || await PayoutStore.IsSweepingAsync(transaction, storeId, isLive, token))
                        return false;
                    var request = new PayoutRequest { StoreId = storeId, IsLive = isLive, Amount = new CurrencyAmount(above, Currency.Bitcoin), Actor = "system", IsAutomatic = true };
                    return (await DecideAsync(transaction, request, risk: null, token)).IsOk;
                },
                cancellationToken);
            if (isMade)
                made++;
        }

        return made;
    }

    /// <summary>Decides on a payout in a transaction of the caller; an error has written nothing but when the store came to know the destination.</summary>
    internal async ValueTask<Result<Payout, PaymentError>> DecideAsync(
        ISqlTransaction transaction, PayoutRequest request, RiskAssessment? risk, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong;
        if (risk is { Verdict: RiskVerdict.Block })
            return PaymentError.Invalid("payout_blocked", null, $"This payout was blocked by a risk rule{(risk.Rule is null ? "" : $": {risk.Rule}")}. Decision {risk.Reference}.");
        var now = time.GetUtcNow();
        var policy = await OutgoingPolicies.ReadAsync(transaction, request.StoreId, request.IsLive, cancellationToken);
        var asset = Asset.Of(request.Amount.Currency);
        var gross = request.Amount.Currency.IsBitcoin ? request.Amount.ToMilliSatoshis().Value : request.Amount.MinorUnits;
        var destination = request.Destination ?? (request.Amount.Currency.IsBitcoin ? policy.Destination : null);
        if (request.Amount.Currency.IsBitcoin && destination is null)
            return PaymentError.Invalid("parameter_missing", "destination", "Name a Bitcoin address or a Lightning invoice, or set a destination for the store.");
        var known = destination is null ? now : await OutgoingPolicies.KnownSinceAsync(transaction, request.StoreId, request.IsLive, destination, now, cancellationToken);
        var sendAt = known + policy.DestinationDelay > now && destination is not null ? known + policy.DestinationDelay : now;
        var routed = await RouteAsync(transaction, request, destination, gross, sendAt, cancellationToken);
        if (!routed.TryGet(out var route, out var error))
            return error;
        if (request.FeeMax is { } feeMax)
            route = route with { Destination = route.Destination with { FeeMax = feeMax } };

        // An automatic payout leaves what its fee may cost.
        if (request.IsAutomatic)
            gross -= (route.FeeMax + MilliSatoshisPerSatoshi - 1) / MilliSatoshisPerSatoshi * MilliSatoshisPerSatoshi;
        var spendable = await StoreBalances.SpendableAsync(transaction, request.StoreId, request.IsLive, asset, cancellationToken);
        if (gross < 1 || spendable < checked(gross + route.FeeMax))
            return PaymentError.Invalid("balance_insufficient", "amount", $"You have insufficient funds for this: {Text(spendable, asset)} can be spent, and the way may cost {Text(route.FeeMax, asset)}.");
        var needsApproval = (!request.IsAutomatic && policy.NeedsApproval(asset.Code, gross)) || risk is { Verdict: RiskVerdict.Review or RiskVerdict.StepUp };
        if (needsApproval && request.ApprovedBy is not null && string.Equals(request.ApprovedBy, request.Actor, StringComparison.Ordinal))
            return PayoutMachine.ApprovedByCreator;
        if (request.Guard is not null && await request.Guard.TakeAsync(transaction, asset, gross, cancellationToken) is { } exceeded)
            return exceeded;

        var payout = new Payout
        {
            Id = ids.Next("po"),
            StoreId = request.StoreId,
            IsLive = request.IsLive,
            Amount = asset == Asset.Bitcoin ? new CurrencyAmount(gross / MilliSatoshisPerSatoshi, Currency.Bitcoin) : request.Amount,
            Asset = asset,
            Gross = gross,
            Rail = route.Rail,
            Destination = route.Destination.Destination,
            FeeMax = route.FeeMax,
            Risk = risk,
            Status = needsApproval && request.ApprovedBy is null ? PayoutStatus.AwaitingApproval : PayoutStatus.Pending,
            SendAt = sendAt,
            IsAutomatic = request.IsAutomatic,
            CreatedBy = request.Actor,
            ApprovedBy = request.ApprovedBy,
            Description = request.Description,
            StatementDescriptor = request.StatementDescriptor,
            Metadata = request.Metadata,
            CreatedAt = now,
            Version = 0,
        };
        var change = PayoutMachine.Open(payout);
        await store.WriteAsync(transaction, change, cancellationToken);
        if (change.Payout.Status == PayoutStatus.Pending)
            await OrderAsync(transaction, change.Payout, route.Destination.Reference, cancellationToken);
        return change.Payout;
    }

    /// <summary>What the risk gate says of a payout that is about to be decided on; null without a gate.</summary>
    internal async ValueTask<RiskAssessment?> AssessAsync(PayoutRequest request, CancellationToken cancellationToken) => gate is null
        ? null
        : await gate.AssessAsync(
            new RiskQuestion
            {
                Point = RiskPoint.Payout,
                StoreId = request.StoreId,
                IsLive = request.IsLive,
                SubjectId = ids.Next("po"),
                Amount = request.Amount,

                // The rail is chosen by the destination, later; bitcoin is judged as what goes out on chain.
                Rail = request.Amount.Currency.IsBitcoin ? RailKind.OnChain : RailKind.Card,
                Instrument = request.Destination,
                Metadata = request.Metadata,
            },
            cancellationToken);

    private static async ValueTask<Result<PayoutChange, PaymentError>> WithdrawAsync(ISqlTransaction transaction, Payout payout, CancellationToken cancellationToken) =>
        PayoutMachine.Handle(payout, new PayoutInput.Cancel(payout.Status == PayoutStatus.Pending && await OutgoingTransfers.WithdrawAsync(transaction, payout.Id, cancellationToken)));

    private async ValueTask<Result<OutgoingRoute, PaymentError>> RouteAsync(
        ISqlTransaction transaction, PayoutRequest request, string? destination, long gross, DateTimeOffset sendAt, CancellationToken cancellationToken)
    {
        if (destination is not null)
        {
            return request.Amount.Currency.IsBitcoin
                ? await router.FindAsync(transaction, destination, gross, receiverPays: false, sendAt, cancellationToken)
                : PaymentError.Invalid("parameter_invalid", "destination", "What a card processor owes goes to the bank account that it knows: name no destination.");
        }

        return rails.FirstOrDefault(static rail => rail.Kind == RailKind.Card) is { } card
            ? card.Read(null, gross).Then<OutgoingRoute>(read => new OutgoingRoute(RailKind.Card, read, gross, 0))
            : PaymentError.Unavailable("destination_not_available", "currency", "This server pays nothing out in this currency.");
    }

    // The transfer that a rail hears of from its time on.
    private async ValueTask OrderAsync(ISqlTransaction transaction, Payout payout, string? reference, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await OutgoingTransfers.InsertAsync(
            transaction,
            new StoredTransfer(payout.Id, OutgoingKind.Payout, payout.Id, null, payout.Rail, payout.Destination, reference, payout.Gross, payout.FeeMax, null, now),
            payout.SendAt > now ? payout.SendAt : now,
            cancellationToken);
    }

    private Task<Result<Payout, PaymentError>> ChangeAsync(
        string storeId,
        bool isLive,
        string payoutId,
        Func<ISqlTransaction, Payout, CancellationToken, ValueTask<Result<PayoutChange, PaymentError>>> decide,
        Written? written,
        CancellationToken cancellationToken) => database.WriteAsync<Result<Payout, PaymentError>>(
            async (transaction, token) =>
            {
                if (await FindAsync(transaction, storeId, isLive, payoutId, token) is not { } payout)
                    return PaymentError.Missing("payout", payoutId);
                var decided = await decide(transaction, payout, token);
                if (!decided.TryGet(out var change, out var error))
                    return error;
                await store.WriteAsync(transaction, change, token);
                if (written is not null)
                    await written(transaction, change.Payout, token);
                return change.Payout;
            },
            cancellationToken).AsTask();

    private static async ValueTask<Payout?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string payoutId, CancellationToken cancellationToken)
    {
        var payout = await PayoutStore.FindAsync(transaction, payoutId, cancellationToken);
        return payout is not null && payout.IsLive == isLive && string.Equals(payout.StoreId, storeId, StringComparison.Ordinal) ? payout : null;
    }

    private static PaymentError? Check(PayoutRequest request)
    {
        var amount = request.Amount;
        if (amount.MinorUnits < 1)
            return PaymentError.Invalid("parameter_invalid_integer", "amount", "The amount has to be at least one minor unit.");
        if (amount.MinorUnits > CurrencyAmount.LargestOf(amount.Currency))
            return PaymentError.Invalid("amount_too_large", "amount", $"The amount can be at most {new CurrencyAmount(CurrencyAmount.LargestOf(amount.Currency), amount.Currency)}.");
        return PaymentChecks.Metadata(request.Metadata);
    }

    private static string Text(long amount, Asset asset) => asset == Asset.Bitcoin
        ? $"{new CurrencyAmount(Math.Max(0, amount) / MilliSatoshisPerSatoshi, Currency.Bitcoin)}"
        : $"{new CurrencyAmount(Math.Max(0, amount), Currency.Of(asset.Code))}";
}
