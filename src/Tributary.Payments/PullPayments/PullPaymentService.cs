using System.Collections.Immutable;
using Tributary.Bitcoin.Networks;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Payouts;
using Tributary.Payments.Quotes;
using Tributary.Payments.Refunds;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.PullPayments;

/// <summary>
/// Pull payments and what is claimed of them. A claim takes no money itself: what is agreed to becomes a payout or a transfer of a refund in the same
/// transaction, and how it stands is theirs to say. So a claim is paid as often as they are, which is once.
/// </summary>
public sealed partial class PullPaymentService(
    IDatabase database, PayoutService payouts, RefundService refunds, ObjectIds ids, Quoter quoter, BitcoinNetwork network, PullPaymentOptions options, TimeProvider time)
{
    private const int NameMax = 50;
    private const int DescriptionMax = 5000;
    private const long MilliSatoshisPerSatoshi = 1000;
    private static readonly ImmutableArray<RailKind> s_rails = [RailKind.Lightning, RailKind.OnChain];

    /// <summary>The network that claims are paid on.</summary>
    public BitcoinNetwork Network => network;

    /// <summary>Makes a pull payment of the store's own money. Nothing is set aside: a claim is refused when the store cannot pay it.</summary>
    public async Task<Result<PullPayment, PaymentError>> CreateAsync(PullPaymentRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Check(request, now) is { } error)
            return error;
        var pull = new PullPayment
        {
            Id = ids.Next("pull"),
            StoreId = request.StoreId,
            IsLive = request.IsLive,
            Name = request.Name ?? "",
            Description = request.Description ?? "",
            Amount = request.Amount,
            ApprovesClaims = request.ApprovesClaims,
            InvoiceLifetimeMin = request.InvoiceLifetimeMin ?? options.InvoiceLifetimeMin,
            Rails = request.Rails.IsEmpty ? s_rails : request.Rails,
            StartsAt = request.StartsAt ?? now,
            ExpiresAt = request.ExpiresAt,
            CreatedBy = request.Actor,
            CreatedAt = now,
            Version = 1,
        };
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                await PullPaymentStore.WriteAsync(transaction, pull, token);
                return pull;
            },
            cancellationToken);
    }

    /// <summary>
    /// Makes a pull payment that gives a payment back. Where its amount in bitcoin is known, the refund is opened at once and holds the money, so two of
    /// them never promise the same; otherwise each claim becomes a refund when it is agreed to, and what is promised is no more than is left.
    /// </summary>
    public async Task<Result<PullPayment, PaymentError>> CreateRefundAsync(RefundPullRequest request, CancellationToken cancellationToken)
    {
        if (request.SubtractMicroPercent is < 0 or > 100_000_000)
            return PaymentError.Invalid("parameter_invalid", "subtractPercentage", "A percentage is between 0 and 100.");
        if ((request.Variant == RefundVariant.Custom) != request.CustomAmount is not null)
            return PaymentError.Invalid("parameter_invalid", "customAmount", "An amount is named with the variant Custom, and with no other.");
        var risk = await refunds.AssessAsync(RefundOf(request), cancellationToken);
        return await database.WriteAsync<Result<PullPayment, PaymentError>>(
            async (transaction, token) =>
            {
                var file = await PaymentStore.FindAsync(transaction, request.IntentId, token);
                if (file is null || file.Intent.IsLive != request.IsLive || !string.Equals(file.Intent.StoreId, request.StoreId, StringComparison.Ordinal))
                    return PaymentError.Missing("invoice", request.IntentId);
                if (!(await PromiseAsync(transaction, request, file, risk, token)).TryGet(out var promise, out var error))
                    return error;
                if (promise.Refund is { } known && await PullPaymentStore.FindOfRefundAsync(transaction, known.Id, token) is { } made)
                    return made;
                var now = time.GetUtcNow();
                var pull = new PullPayment
                {
                    Id = ids.Next("pull"),
                    StoreId = request.StoreId,
                    IsLive = request.IsLive,
                    Name = request.Name ?? $"Refund {request.IntentId}",
                    Description = request.Description ?? "",
                    Amount = promise.Amount,
                    ApprovesClaims = promise.Refund is not null,
                    InvoiceLifetimeMin = options.InvoiceLifetimeMin,
                    Rails = request.Rails.IsEmpty ? s_rails : request.Rails,
                    StartsAt = now,
                    ExpiresAt = promise.Refund?.ExpiresAt,
                    IntentId = request.IntentId,
                    RefundId = promise.Refund?.Id,
                    CreatedBy = request.Actor,
                    CreatedAt = now,
                    Version = 1,
                };
                await PullPaymentStore.WriteAsync(transaction, pull, token);
                return pull;
            },
            cancellationToken);
    }

    /// <summary>A pull payment with its claims; null where there is none of that name.</summary>
    public async Task<PullPaymentView?> FindAsync(string pullPaymentId, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await PullPaymentStore.FindAsync(transaction, pullPaymentId, token) is { } pull ? await ViewAsync(transaction, pull, token) : null,
        cancellationToken);

    /// <summary>Pull payments of a store, the newest first.</summary>
    public async Task<List<PullPayment>> ListAsync(string storeId, bool isLive, bool withArchived, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PullPaymentStore.ListAsync(transaction, storeId, isLive, withArchived, limit, token), cancellationToken);

    /// <summary>
    /// Ends a pull payment: nothing is claimed any more, and what no rail has heard of is taken back. What a shopper paid too much stays the shopper's.
    /// </summary>
    public async Task<Result<PullPayment, PaymentError>> ArchiveAsync(string pullPaymentId, CancellationToken cancellationToken) => await database.WriteAsync<Result<PullPayment, PaymentError>>(
        async (transaction, token) =>
        {
            if (await PullPaymentStore.FindAsync(transaction, pullPaymentId, token) is not { } pull)
                return PaymentError.Missing("pull payment", pullPaymentId);
            if (pull.IsArchived)
                return pull;
            foreach (var view in await PullPaymentStore.ClaimsOfAsync(transaction, pull.Id, options.ClaimsMax, token))
                await CancelAsync(transaction, view, token);
            if (await RefundOfAsync(transaction, pull, token) is { Refund: { IsExcess: false, Status: RefundStatus.RequiresAction or RefundStatus.AwaitingApproval } } refund)
                await refunds.CancelAsync(transaction, refund, token);
            var archived = pull with { IsArchived = true, Version = pull.Version + 1 };
            await PullPaymentStore.WriteAsync(transaction, archived, token);
            return archived;
        },
        cancellationToken);

    /// <summary>What of a payment can be promised yet, in its currency: what counted, less what went back, is on its way, or is promised.</summary>
    public async ValueTask<CurrencyAmount> PromisableAsync(ISqlTransaction transaction, PaymentFile file, CancellationToken cancellationToken)
    {
        var left = RefundPlanner.Left(file).MinorUnits;
        foreach (var pull in await PullPaymentStore.OfIntentAsync(transaction, file.Intent.Id, RefundMachine.RefundsMax, cancellationToken))
        {
            if (pull.RefundId is null && (pull.ExpiresAt is not { } end || time.GetUtcNow() < end))
                left -= (await UnorderedAsync(transaction, pull, cancellationToken)).MinorUnits;
        }

        return file.Intent.Amount with { MinorUnits = Math.Max(0, left) };
    }

    private async ValueTask<Result<(CurrencyAmount Amount, Refund? Refund), PaymentError>> PromiseAsync(
        ISqlTransaction transaction, RefundPullRequest request, PaymentFile file, Risk.RiskAssessment? risk, CancellationToken cancellationToken)
    {
        if (request.Variant == RefundVariant.OverpaidAmount)
        {
            if (request.SubtractMicroPercent != 0)
                return PaymentError.Invalid("parameter_invalid", "subtractPercentage", "What was paid too much is the shopper's: nothing is taken from it.");
            return (await refunds.OpenExcessAsync(transaction, file, cancellationToken)).Then<(CurrencyAmount, Refund?)>(static view => (view.Refund.Amount, view.Refund));
        }

        var left = await PromisableAsync(transaction, file, cancellationToken);
        if (left.MinorUnits == 0)
            return PaymentError.UnexpectedState("non_refundable", "Nothing of this invoice can go back: it was not paid, or all of it went back, or is promised already.");
        var wanted = request.CustomAmount ?? left;
        var isBitcoin = wanted.Currency.IsBitcoin && !left.Currency.IsBitcoin;
        if (!isBitcoin && wanted.Currency != left.Currency)
            return PaymentError.Invalid("parameter_invalid", "customCurrency", $"A refund is in bitcoin or in the invoice's currency, {left.Currency.Code.ToUpperInvariant()}.");
        wanted = wanted with { MinorUnits = Less(wanted.MinorUnits, request.SubtractMicroPercent) };
        if (wanted.MinorUnits < 1)
            return PaymentError.Invalid("amount_too_low", "subtractPercentage", "Nothing would be left to go back.");
        if (!isBitcoin && wanted.MinorUnits > left.MinorUnits)
            return PaymentError.Invalid("overdraft", "customAmount", $"Of this invoice {left} can go back.");

        // In the invoice's own currency the rate of the day decides, when somebody agrees.
        if (request.Variant == RefundVariant.Fiat || (request.Variant == RefundVariant.Custom && !wanted.Currency.IsBitcoin))
            return HasCards(file) ? CardsGoBack : (wanted, null);
        var refund = RefundOf(request) with { Amount = isBitcoin ? null : wanted.MinorUnits, Gross = isBitcoin ? wanted.ToMilliSatoshis().Value : null };
        if (!(await refunds.OpenAsync(transaction, refund, risk, cancellationToken)).TryGet(out var opened, out var error))
            return error;
        return (new CurrencyAmount(opened.Refund.Gross / MilliSatoshisPerSatoshi, Currency.Bitcoin), opened.Refund);
    }

    private static PaymentError CardsGoBack { get; } =
        PaymentError.UnexpectedState("non_refundable", "This invoice was paid by card, and goes back to the card: it is not claimed.");

    private static bool HasCards(PaymentFile file) => RefundRoom.Of(file).Exists(static room => room.Attempt.Rail == RailKind.Card && room.Counted > 0);

    private static RefundRequest RefundOf(RefundPullRequest request) => new()
    {
        StoreId = request.StoreId,
        IsLive = request.IsLive,
        IntentId = request.IntentId,
        Rate = request.Variant == RefundVariant.CurrentRate ? RefundRateKind.Current : RefundRateKind.Original,
        Reason = RefundReason.RequestedByCustomer,
        IsBitcoinOnly = true,
        Actor = request.Actor,
    };

    // Rounded in favour of whoever gets the money.
    private static long Less(long amount, int microPercent) => amount - (long)((UInt128)amount * (UInt128)microPercent / 100_000_000);

    private async ValueTask<PullPaymentView> ViewAsync(ISqlTransaction transaction, PullPayment pull, CancellationToken cancellationToken)
    {
        ImmutableArray<ClaimView> claims = [.. await PullPaymentStore.ClaimsOfAsync(transaction, pull.Id, options.ClaimsMax, cancellationToken)];
        var refund = (await RefundOfAsync(transaction, pull, cancellationToken))?.Refund;
        return new PullPaymentView(pull, claims, LeftOf(pull, claims, refund), refund);
    }

    private static async ValueTask<RefundView?> RefundOfAsync(ISqlTransaction transaction, PullPayment pull, CancellationToken cancellationToken) =>
        pull.RefundId is { } id && await RefundStore.FindFileAsync(transaction, id, cancellationToken) is { } file ? new RefundView(file, file.FindRefund(id)!) : null;

    // What a refund holds is claimed whole, once; of the rest, what other claims do not take.
    private static CurrencyAmount LeftOf(PullPayment pull, IReadOnlyList<ClaimView> claims, Refund? refund)
    {
        if (refund is { Status: not (RefundStatus.RequiresAction or RefundStatus.AwaitingApproval) })
            return pull.Amount with { MinorUnits = 0 };
        var taken = claims.Where(static view => view.State != ClaimState.Cancelled).Sum(static view => view.Claim.Amount.MinorUnits);
        return pull.Amount with { MinorUnits = Math.Max(0, pull.Amount.MinorUnits - taken) };
    }

    // Of a pull payment whose claims become refunds later: what is still only promised.
    private async ValueTask<CurrencyAmount> UnorderedAsync(ISqlTransaction transaction, PullPayment pull, CancellationToken cancellationToken)
    {
        var claims = await PullPaymentStore.ClaimsOfAsync(transaction, pull.Id, options.ClaimsMax, cancellationToken);
        var ordered = claims.Where(static view => view.Claim.Status is ClaimStatus.Ordered or ClaimStatus.PaidOutside && view.State != ClaimState.Cancelled).Sum(static view => view.Claim.Amount.MinorUnits);
        return pull.Amount with { MinorUnits = Math.Max(0, pull.Amount.MinorUnits - ordered) };
    }

    private static PaymentError? Check(PullPaymentRequest request, DateTimeOffset now)
    {
        if (request.Name is { Length: > NameMax })
            return PaymentError.Invalid("parameter_invalid", "name", $"At most {NameMax} characters.");
        if (request.Description is { Length: > DescriptionMax })
            return PaymentError.Invalid("parameter_invalid", "description", $"At most {DescriptionMax} characters.");
        if (request.Amount.MinorUnits < 1 || request.Amount.MinorUnits > CurrencyAmount.LargestOf(request.Amount.Currency))
            return PaymentError.Invalid("parameter_invalid", "amount", "The amount has to be more than 0, and no more than there is.");
        if (request.InvoiceLifetimeMin is { } min && (min < TimeSpan.Zero || min > TimeSpan.FromDays(3650)))
            return PaymentError.Invalid("parameter_invalid", "BOLT11Expiration", "Between 0 and 3650 days.");
        if (request.ExpiresAt is { } end && end <= (request.StartsAt ?? now))
            return PaymentError.Invalid("parameter_invalid", "expiresAt", "It has to end after it starts.");
        return request.Rails.Any(static rail => !s_rails.Contains(rail)) || request.Rails.Distinct().Count() != request.Rails.Length
            ? PaymentError.Invalid("parameter_invalid", "payoutMethods", "A method is unknown, or named twice.")
            : null;
    }
}
