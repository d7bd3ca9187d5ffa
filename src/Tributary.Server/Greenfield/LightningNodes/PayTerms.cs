using Tributary.Lightning.Invoices;
using Tributary.Primitives.Amounts;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>An invoice that is to be paid, and what that may cost.</summary>
internal sealed record PayTerms
{
    private const int Bolt11Max = 4096;
    private const long MilliSatoshisMax = 2_100_000_000_000_000_000;
    private const long SatoshisMax = 2_100_000_000_000_000;
    private const int TimeoutMaxSeconds = 60;
    private const int TimeoutSeconds = 30;

    public string Bolt11 { get; private init; } = "";

    /// <summary>What reaches the payee, in millisatoshis.</summary>
    public long Amount { get; private init; }

    /// <summary>For an invoice that names no amount.</summary>
    public MilliSatoshis? ExtraAmount { get; private init; }

    public MilliSatoshis? FeeMax { get; private init; }

    public TimeSpan Timeout { get; private init; }

    /// <summary>The switch of outgoing money is off.</summary>
    public static GreenfieldAnswer Stopped { get; } =
        GreenfieldErrors.Of(StatusCodes.Status503ServiceUnavailable, "outgoing-stopped", "All outgoing money is stopped on this server: its health says why.");

    public static PayTerms Read(GreenfieldCall call)
    {
        var body = call.Body;
        var bolt11 = body.RequiredText("BOLT11", Bolt11Max).Trim();
        var amount = body.Integer("amount", 1, MilliSatoshisMax);
        var percent = body.Number("maxFeePercent", 0, 100);
        var flat = body.Integer("maxFeeFlat", 0, SatoshisMax);
        var seconds = body.Integer("sendTimeout", 1, int.MaxValue) ?? TimeoutSeconds;
        Invoice? invoice = null;
        if (bolt11.Length > 0 && !Invoice.Parse(bolt11).TryGet(out invoice, out var refusal))
            call.Refuse("BOLT11", $"{refusal.Field} {refusal.Reason}.");
        if (invoice is { Terms.Amount: null } && amount is null)
            call.Refuse("amount", "This invoice names no amount: say how many millisatoshis.");
        if (invoice?.Terms.Amount is { } named && amount is { } other && other != named.Value)
            call.Refuse("amount", $"This invoice asks for {named.Value} msat.");
        var whole = invoice?.Terms.Amount?.Value ?? amount ?? 0;
        return new PayTerms
        {
            Bolt11 = invoice?.Text ?? "",
            Amount = whole,
            ExtraAmount = invoice is { Terms.Amount: null } && amount is { } extra ? new MilliSatoshis(extra) : null,
            FeeMax = FeeOf(whole, percent, flat),
            Timeout = TimeSpan.FromSeconds(Math.Min(seconds, TimeoutMaxSeconds)),
        };
    }

    /// <summary>200 for a payment that arrived, 202 for one that is on its way or of which nobody knows.</summary>
    public static GreenfieldAnswer Answer(LightningObjects.PaymentLine payment) =>
        GreenfieldAnswer.Of(payment.Status is "Pending" ? StatusCodes.Status202Accepted : StatusCodes.Status200OK, writer => LightningObjects.Write(writer, payment));

    // The lower of both limits.
    private static MilliSatoshis? FeeOf(long amount, decimal? percent, long? flat)
    {
        long? byPercent = percent is { } share ? (long)decimal.Floor(Math.Min(amount * share / 100, MilliSatoshisMax)) : null;
        long? byFlat = flat is { } satoshis ? checked(satoshis * 1000) : null;
        return byPercent is null && byFlat is null ? null : new MilliSatoshis(Math.Min(byPercent ?? long.MaxValue, byFlat ?? long.MaxValue));
    }
}
