using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Payouts;
using Tributary.Payments.PullPayments;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.PullPayments;

/// <summary>Pull payments and payouts as this dialect writes them, with the names of BTCPay 2.x and those of 1.x that libraries still read.</summary>
internal static class PullPaymentObjects
{
    private const string Bitcoin = "BTC";

    /// <summary>PullPaymentData.</summary>
    public static void Write(Utf8JsonWriter writer, PullPayment pull, string origin)
    {
        writer.WriteStartObject();
        writer.WriteString("id", pull.Id);
        writer.WriteString("name", pull.Name);
        writer.WriteString("description", pull.Description);
        writer.WriteString("currency", CodeOf(pull.Amount.Currency));
        writer.Amount("amount", pull.Amount);

        // A number, as BTCPay sends it and its libraries read it, though its document says text.
        writer.WriteNumber("BOLT11Expiration", (long)pull.InvoiceLifetimeMin.TotalDays);
        writer.WriteBoolean("autoApproveClaims", pull.ApprovesClaims);
        writer.WriteBoolean("archived", pull.IsArchived);
        writer.WriteString("viewLink", origin + pull.Path);
        writer.Time("startsAt", pull.StartsAt);
        writer.Time("expiresAt", pull.ExpiresAt);
        writer.WriteEndObject();
    }

    /// <summary>PayoutData of a claim.</summary>
    public static void Write(Utf8JsonWriter writer, ClaimView view)
    {
        var claim = view.Claim;
        var proof = claim.OutsideProof ?? (claim.Status == ClaimStatus.PaidOutside ? null : ProofOf(claim.Rail, view.Reference, view.Proof));
        Write(
            writer,
            new Line(claim.Id, claim.Revision, claim.PullPaymentId, claim.CreatedAt, claim.Destination, claim.Amount, view.State == ClaimState.AwaitingApproval ? null : claim.Bitcoin, claim.Rail, view.State, proof, claim.Metadata));
    }

    /// <summary>PayoutData of a payout that was made in another dialect or on the dashboard.</summary>
    public static void Write(Utf8JsonWriter writer, Payout payout)
    {
        var state = ClaimView.StateOf(payout.Status);
        var bitcoin = payout.Asset == Asset.Bitcoin && state != ClaimState.AwaitingApproval ? payout.Gross : (long?)null;
        Write(writer, new Line(payout.Id, 0, null, payout.CreatedAt, payout.Destination, payout.Amount, bitcoin, payout.Rail, state, ProofOf(payout.Rail, payout.Reference, payout.Proof), null));
    }

    /// <summary>An error of the core; what is missing is said in this dialect's word.</summary>
    public static GreenfieldAnswer Refuse(PaymentError error, string missing) => error.Kind == PaymentErrorKind.NotFound ? GreenfieldErrors.Missing(missing) : GreenfieldErrors.Of(error, error.Parameter);

    private sealed record Line(
        string Id, long Revision, string? PullPaymentId, DateTimeOffset At, string Destination, CurrencyAmount Amount, long? Bitcoin, RailKind Rail, ClaimState State, string? Proof, string? Metadata);

    private static void Write(Utf8JsonWriter writer, Line line)
    {
        var method = MethodIds.Of(line.Rail);
        writer.WriteStartObject();
        writer.WriteString("id", line.Id);
        writer.WriteNumber("revision", line.Revision);
        writer.Text("pullPaymentId", line.PullPaymentId);
        writer.WriteString("date", line.At.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("destination", line.Destination);
        writer.WriteString("originalCurrency", CodeOf(line.Amount.Currency));
        writer.Amount("originalAmount", line.Amount);
        writer.WriteString("payoutCurrency", Bitcoin);
        writer.Bitcoin("payoutAmount", line.Bitcoin);
        writer.Text("payoutMethodId", method);
        writer.WriteString("state", line.State.ToString());
        Raw(writer, "paymentProof", line.Proof);
        Raw(writer, "metadata", line.Metadata ?? "{}");

        // As 1.x named them.
        writer.Amount("amount", line.Amount);
        writer.Text("paymentMethod", method);
        writer.WriteString("cryptoCode", Bitcoin);
        writer.Bitcoin("paymentMethodAmount", line.Bitcoin);
        writer.WriteEndObject();
    }

    private static void Raw(Utf8JsonWriter writer, string name, string? json)
    {
        writer.WritePropertyName(name);
        if (json is null)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(json);
    }

    private static string? ProofOf(RailKind rail, string? reference, string? preimage)
    {
        if (reference is null)
            return null;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("proofType", rail == RailKind.Lightning ? "PayoutLightningBlob" : "PayoutTransactionOnChainBlob");
            writer.WriteString("id", rail == RailKind.OnChain ? reference.Split(':')[0] : reference);
            if (preimage is not null)
                writer.WriteString("preimage", preimage);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string CodeOf(Currency currency) => currency.Code.ToUpperInvariant();
}
