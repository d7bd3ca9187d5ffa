using Tributary.Payments.Intents;
using Tributary.Payments.Lnurl;
using Tributary.Payments.Money;
using Tributary.Payments.PullPayments;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.PullPayments;

/// <summary>Pull payments of a store, and what whoever knows one may do with it.</summary>
internal sealed class PullPaymentHandlers(PullPaymentService service)
{
    internal const string Missing = "pullpayment";
    private const int ListMax = 1000;
    private const int NameMax = 50;
    private const int DescriptionMax = 5000;
    private const int DestinationMax = 4096;
    private const int DaysMax = 3650;

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withArchived = call.Query.Flag("includeArchived") ?? false;
        if (call.Finish() is { } refused)
            return refused;
        var pulls = await service.ListAsync(call.StoreId, call.IsLive, withArchived, ListMax, cancellationToken);
        return GreenfieldAnswer.List(pulls, (writer, pull) => PullPaymentObjects.Write(writer, pull, call.Origin));
    }

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var name = body.Text("name", NameMax);
        var description = body.Text("description", DescriptionMax);
        var code = body.RequiredText("currency", 10);
        var isKnown = Currency.TryParse(code, out var currency);
        if (code.Length > 0 && !isKnown)
            call.Refuse("currency", "Invalid currency.");
        var amount = body.Amount("amount", isKnown ? currency : Currency.Bitcoin);
        if (amount is null && !body.Has("amount"))
            call.Refuse("amount", "This is required.");
        var days = body.Integer("BOLT11Expiration", 0, DaysMax);
        var approves = body.Flag("autoApproveClaims") ?? false;
        var startsAt = body.Time("startsAt");
        var expiresAt = body.Time("expiresAt");
        var rails = PayoutMethods.ReadMany(call);
        if (call.Finish() is { } refused)
            return refused;
        if (approves && !call.Caller!.MayIn(call.StoreId, Policies.CanCreatePullPayments))
            return GreenfieldErrors.MissingPermission(Policies.CanCreatePullPayments);
        var created = await service.CreateAsync(
            new PullPaymentRequest
            {
                StoreId = call.StoreId,
                IsLive = call.IsLive,
                Name = name,
                Description = description,
                Amount = amount!.Value,
                ApprovesClaims = approves,
                InvoiceLifetimeMin = days is { } set ? TimeSpan.FromDays(set) : null,
                Rails = rails,
                StartsAt = startsAt,
                ExpiresAt = expiresAt,
                Actor = call.Caller!.User.Id,
            },
            cancellationToken);
        return created.TryGet(out var pull, out var error) ? Answer(pull, call) : PullPaymentObjects.Refuse(error, Missing);
    }

    public async Task<GreenfieldAnswer> GetAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        return await FindAsync(call, cancellationToken) is { } view ? Answer(view.PullPayment, call) : GreenfieldErrors.Missing(Missing);
    }

    public async Task<GreenfieldAnswer> ArchiveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } view || !call.Owns(view.PullPayment.StoreId))
            return GreenfieldErrors.Missing(Missing);
        return (await service.ArchiveAsync(view.PullPayment.Id, cancellationToken)).TryGet(out _, out var error) ? GreenfieldAnswer.Done : PullPaymentObjects.Refuse(error, Missing);
    }

    public async Task<GreenfieldAnswer> PayoutsAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withCancelled = call.Query.Flag("includeCancelled") ?? false;
        if (call.Finish() is { } refused)
            return refused;
        return await FindAsync(call, cancellationToken) is { } view
            ? GreenfieldAnswer.List(view.Claims.Where(claim => withCancelled || claim.State != ClaimState.Cancelled), static (writer, claim) => PullPaymentObjects.Write(writer, claim))
            : GreenfieldErrors.Missing(Missing);
    }

    public async Task<GreenfieldAnswer> PayoutAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        var id = call.Route("payoutId");
        return (await FindAsync(call, cancellationToken))?.Claims.FirstOrDefault(claim => string.Equals(claim.Claim.Id, id, StringComparison.Ordinal)) is { } view
            ? GreenfieldAnswer.Of(writer => PullPaymentObjects.Write(writer, view))
            : GreenfieldErrors.Missing("payout");
    }

    /// <summary>Whoever knows the pull payment claims.</summary>
    public async Task<GreenfieldAnswer> ClaimAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var destination = call.Body.RequiredText("destination", DestinationMax);
        var amount = call.Body.AmountText("amount");
        var rail = PayoutMethods.ReadOne(call, isRequired: true);
        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } view)
            return GreenfieldErrors.Missing(Missing);
        CurrencyAmount? asked = null;
        if (amount is not null)
        {
            if (!GreenfieldAmounts.TryParse(amount, view.PullPayment.Amount.Currency, out var read, out var problem))
                return GreenfieldErrors.Validation("amount", problem);
            asked = read;
        }

        var claimed = await service.ClaimAsync(new ClaimRequest { PullPaymentId = view.PullPayment.Id, Destination = destination, Amount = asked, Rail = rail }, cancellationToken);
        return claimed.TryGet(out var claim, out var error) ? GreenfieldAnswer.Of(writer => PullPaymentObjects.Write(writer, claim)) : PullPaymentObjects.Refuse(error, Missing);
    }

    /// <summary>What a wallet scans to take the money (LUD-03).</summary>
    public async Task<GreenfieldAnswer> LnurlAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        if (await FindAsync(call, cancellationToken) is not { } view)
            return GreenfieldErrors.Missing(Missing);
        if (!IsWithdrawable(view.PullPayment))
            return GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "lnurl-not-supported", "This pull payment is not claimed in bitcoin over Lightning.");
        var url = $"{call.Origin}/lnurl/withdraw/{view.PullPayment.Id}";
        return GreenfieldAnswer.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("lnurlBech32", "lightning:" + LnurlText.Encode(url));
            writer.WriteString("lnurlUri", LnurlText.ForWithdrawing(url));
            writer.WriteEndObject();
        });
    }

    /// <summary>Can a wallet take it by LNURL? Its amounts are bitcoin.</summary>
    public static bool IsWithdrawable(PullPayment pull) => pull.Amount.Currency.IsBitcoin && pull.Rails.Contains(RailKind.Lightning);

    private async Task<PullPaymentView?> FindAsync(GreenfieldCall call, CancellationToken cancellationToken) =>
        call.Route("pullPaymentId") is { Length: > 0 and <= 100 } id ? await service.FindAsync(id, cancellationToken) : null;

    private static GreenfieldAnswer Answer(PullPayment pull, GreenfieldCall call) => GreenfieldAnswer.Of(writer => PullPaymentObjects.Write(writer, pull, call.Origin));
}
