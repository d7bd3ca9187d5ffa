using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Money;
using Tributary.Payments.Payouts;
using Tributary.Payments.PullPayments;
using Tributary.Payments.Quotes;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Payouts;

/// <summary>Payouts of a store: its claims, and the payouts that were made in another dialect or on the dashboard.</summary>
internal sealed class StorePayoutHandlers(PullPaymentService service, PayoutService payouts, IDatabase database)
{
    private const string Missing = "payout";
    private const int ListMax = 500;
    private const int DestinationMax = 4096;
    private const int IdMax = 100;
    private const int JsonMax = 10_000;
    private static readonly Dictionary<string, ClaimState> s_states = Enum.GetValues<ClaimState>().ToDictionary(static state => state.ToString(), StringComparer.Ordinal);

    /// <summary>A payout by its name: a claim, or a payout that carries none.</summary>
    private readonly record struct Found(ClaimView? Claim, Payout? Payout);

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withCancelled = call.Query.Flag("includeCancelled") ?? false;
        if (call.Finish() is { } refused)
            return refused;
        var claims = await service.ListClaimsAsync(call.StoreId, call.IsLive, ListMax, cancellationToken);
        var others = await database.ReadAsync(
            async (transaction, token) =>
            {
                var all = await PayoutStore.ListAsync(transaction, new PayoutQuery(call.StoreId, call.IsLive, ListMax), token);
                var carriers = await PullPaymentStore.CarriersAsync(transaction, all.Select(static payout => payout.Id), token);
                return all.FindAll(payout => !carriers.Contains(payout.Id));
            },
            cancellationToken);
        var lines = claims.Select(static claim => (claim.Claim.CreatedAt, Found: new Found(claim, null)))
            .Concat(others.Select(static payout => (payout.CreatedAt, Found: new Found(null, payout))))
            .Where(line => withCancelled || StateOf(line.Found) != ClaimState.Cancelled)
            .OrderByDescending(static line => line.CreatedAt)
            .Select(static line => line.Found);
        return GreenfieldAnswer.List(lines, Write);
    }

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var destination = call.Body.RequiredText("destination", DestinationMax);
        var amount = call.Body.AmountText("amount");
        var rail = PayoutMethods.ReadOne(call, isRequired: true);
        var pullPaymentId = call.Body.Text("pullPaymentId", IdMax);
        var isApproved = call.Body.Flag("approved") ?? false;
        var metadata = call.Body.Raw("metadata", JsonMax)?.GetRawText();
        if (call.Finish() is { } refused)
            return refused;
        if (isApproved && !call.Caller!.MayIn(call.StoreId, Policies.CanCreatePullPayments))
            return GreenfieldErrors.MissingPermission(Policies.CanCreatePullPayments);
        var currency = Currency.Bitcoin;
        if (pullPaymentId is not null)
        {
            if (await service.FindAsync(pullPaymentId, cancellationToken) is not { } pull || !string.Equals(pull.PullPayment.StoreId, call.StoreId, StringComparison.Ordinal))
                return GreenfieldErrors.Missing(PullPaymentHandlers.Missing);
            currency = pull.PullPayment.Amount.Currency;
        }

        CurrencyAmount? asked = null;
        if (amount is not null)
        {
            if (!GreenfieldAmounts.TryParse(amount, currency, out var read, out var problem))
                return GreenfieldErrors.Validation("amount", problem);
            asked = read;
        }

        var claimed = await service.ClaimAsync(
            new ClaimRequest
            {
                StoreId = call.StoreId,
                IsLive = call.IsLive,
                PullPaymentId = pullPaymentId,
                Destination = destination,
                Amount = asked,
                Rail = rail,
                IsApproved = isApproved,
                Metadata = metadata,
                Actor = call.Caller!.User.Id,
            },
            cancellationToken);
        return claimed.TryGet(out var view, out var error) ? Answer(view) : PullPaymentObjects.Refuse(error, Missing);
    }

    public async Task<GreenfieldAnswer> GetAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        return await FindAsync(call, cancellationToken) is { } found ? GreenfieldAnswer.Of(writer => Write(writer, found)) : GreenfieldErrors.Missing(Missing);
    }

    public async Task<GreenfieldAnswer> ApproveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var revision = call.Body.Integer("revision", 0, int.MaxValue);
        if (revision is null && !call.Body.Has("revision"))
            call.Refuse("revision", "This is required.");
        var rate = call.Body.Text("rateRule", 100);
        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } found)
            return GreenfieldErrors.Missing(Missing);
        var actor = call.Caller!.User.Id;
        if (found.Claim is not { } claim)
        {
            var payout = found.Payout!;
            return (await payouts.ApproveAsync(payout.StoreId, payout.IsLive, payout.Id, actor, null, cancellationToken)).TryGet(out var approvedPayout, out var unapproved)
                ? GreenfieldAnswer.Of(writer => PullPaymentObjects.Write(writer, approvedPayout))
                : Refuse(unapproved);
        }

        BitcoinPrice? price = null;
        if (!string.IsNullOrWhiteSpace(rate))
        {
            if (!TryPrice(rate, claim.Claim.Amount.Currency, out var named))
                return GreenfieldErrors.Validation("rateRule", "A rate is a decimal: what one bitcoin costs in the payout's currency. Without one the server's own rate is used.");
            price = named;
        }

        return (await service.ApproveAsync(claim.Claim.Id, revision!.Value, price, actor, cancellationToken)).TryGet(out var approved, out var error) ? Answer(approved) : Refuse(error);
    }

    public async Task<GreenfieldAnswer> CancelAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        return await FindAsync(call, cancellationToken) is { } found ? await CancelAsync(found, cancellationToken) : GreenfieldErrors.Missing(Missing);
    }

    public async Task<GreenfieldAnswer> MarkPaidAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        return await FindAsync(call, cancellationToken) is { } found ? await MarkPaidAsync(found, null, cancellationToken) : GreenfieldErrors.Missing(Missing);
    }

    public async Task<GreenfieldAnswer> MarkAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var state = call.Body.Word("state", s_states);
        if (state is null && !call.Body.Has("state"))
            call.Refuse("state", "This is required.");
        var proof = call.Body.Raw("paymentProof", JsonMax);
        if (proof is { } given && (!given.TryGetProperty("proofType", out var type) || type.ValueKind != JsonValueKind.String))
            call.Refuse("paymentProof", "A payment proof has a text 'proofType'.");
        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } found)
            return GreenfieldErrors.Missing(Missing);
        return state switch
        {
            ClaimState.Completed => await MarkPaidAsync(found, proof?.GetRawText(), cancellationToken),
            ClaimState.Cancelled => await CancelAsync(found, cancellationToken),
            _ => GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "invalid-state", "A payout is marked as Completed or Cancelled; between them its rail says how it stands."),
        };
    }

    private async Task<GreenfieldAnswer> CancelAsync(Found found, CancellationToken cancellationToken)
    {
        if (found.Payout is { } payout)
            return (await payouts.CancelAsync(payout.StoreId, payout.IsLive, payout.Id, null, cancellationToken)).TryGet(out _, out var kept) ? GreenfieldAnswer.Done : Refuse(kept);
        return (await service.CancelClaimAsync(found.Claim!.Claim.Id, cancellationToken)).TryGet(out _, out var error) ? GreenfieldAnswer.Done : Refuse(error);
    }

    private async Task<GreenfieldAnswer> MarkPaidAsync(Found found, string? proof, CancellationToken cancellationToken)
    {
        if (found.Claim is not { } claim)
            return GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "invalid-state", "This payout was not made in this dialect: cancel it, and it is not sent.");
        return (await service.MarkPaidAsync(claim.Claim.Id, proof, cancellationToken)).TryGet(out _, out var error) ? GreenfieldAnswer.Done : Refuse(error);
    }

    private async Task<Found?> FindAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var id = call.Route("payoutId");
        if (id.Length is 0 or > IdMax)
            return null;
        if (await service.FindClaimAsync(id, cancellationToken) is { } claim)
            return call.Owns(claim.Claim.StoreId) && claim.Claim.IsLive == call.IsLive ? new Found(claim, null) : null;
        return await database.ReadAsync((transaction, token) => PayoutStore.FindAsync(transaction, id, token), cancellationToken) is { } payout && call.Owns(payout.StoreId) && payout.IsLive == call.IsLive
            ? new Found(null, payout)
            : null;
    }

    private static GreenfieldAnswer Refuse(Tributary.Payments.Errors.PaymentError error) =>
        PullPaymentObjects.Refuse(error.Code is "payout_unexpected_state" ? error with { Code = "invalid_state" } : error, Missing);

    private static ClaimState StateOf(Found found) => found.Claim?.State ?? ClaimView.StateOf(found.Payout!.Status);

    private static void Write(Utf8JsonWriter writer, Found found)
    {
        if (found.Claim is { } claim)
            PullPaymentObjects.Write(writer, claim);
        else
            PullPaymentObjects.Write(writer, found.Payout!);
    }

    private static GreenfieldAnswer Answer(ClaimView view) => GreenfieldAnswer.Of(writer => PullPaymentObjects.Write(writer, view));

    // A price in thousandths of the currency's minor unit, exactly as it is written or not at all.
    private static bool TryPrice(string text, Currency currency, out BitcoinPrice price)
    {
        price = default;
        if (currency.IsBitcoin || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate is <= 0 or > 1_000_000_000_000m)
            return false;
        for (var i = 0; i < currency.Decimals + 3; i++)
            rate *= 10;
        if (rate != decimal.Truncate(rate) || rate > long.MaxValue)
            return false;
        price = new BitcoinPrice(currency, (long)rate);
        return true;
    }
}
