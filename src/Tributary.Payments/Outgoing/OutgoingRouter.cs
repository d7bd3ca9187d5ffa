using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>Finds the rail that reads a destination. Nobody is asked, so it may be done within a transaction.</summary>
public sealed class OutgoingRouter(IReadOnlyList<IOutgoingRail> rails, OutgoingOptions options, TimeProvider time)
{
    private const int DestinationLengthMax = 4096;
    private const long MilliSatoshisPerSatoshi = 1000;

    /// <summary>What somebody who bears the fee is left with over Lightning: the amount that the invoice has to name.</summary>
    public long OverLightning(long gross, bool receiverPays) => receiverPays ? gross - LightningFee(gross) : gross;

    /// <summary>The way of bitcoin to a destination.</summary>
    /// <param name="transaction">Tells whether an invoice was used before.</param>
    /// <param name="destination">As the receiver wrote it.</param>
    /// <param name="gross">In millisatoshis: all that is there.</param>
    /// <param name="receiverPays">The fee is taken from it.</param>
    /// <param name="sendAt">When it is to be sent: a destination that ends before is refused.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Result<OutgoingRoute, PaymentError>> FindAsync(
        ISqlTransaction transaction, string destination, long gross, bool receiverPays, DateTimeOffset sendAt, CancellationToken cancellationToken)
    {
        var text = destination.Trim();
        if (text.Length is 0 or > DestinationLengthMax)
            return PaymentError.Invalid("parameter_invalid", "destination", "Name a Lightning invoice or a Bitcoin address.");
        if (!Read(text, gross, receiverPays).TryGet(out var route, out var error))
            return error;
        if (route.Destination.ExpiresAt <= sendAt)
        {
            return PaymentError.Invalid(
                "destination_expired",
                "destination",
                route.Destination.ExpiresAt <= time.GetUtcNow() ? "This invoice has expired: make a new one." : $"This invoice ends before the money may be sent ({sendAt:u}): name an address instead.");
        }

        return route.Destination.Reference is { } reference && await OutgoingTransfers.IsUsedAsync(transaction, route.Rail, reference, cancellationToken)
            ? PaymentError.Invalid("destination_used", "destination", "This invoice was used before: make a new one.")
            : route;
    }

    private Result<OutgoingRoute, PaymentError> Read(string text, long gross, bool receiverPays)
    {
        var isInvoice = text.StartsWith("ln", StringComparison.OrdinalIgnoreCase) || text.StartsWith("lightning:", StringComparison.OrdinalIgnoreCase);
        var kind = isInvoice ? RailKind.Lightning : RailKind.OnChain;
        if (rails.FirstOrDefault(rail => rail.Kind == kind) is not { } rail)
            return PaymentError.Unavailable("destination_not_available", "destination", $"This server sends nothing {(isInvoice ? "over Lightning" : "on chain")} at present.");
        if (!receiverPays)
            return rail.Read(text, gross).Then<OutgoingRoute>(read => new OutgoingRoute(kind, read, gross, 0));

        var fee = LightningFee(gross);
        if (!isInvoice)
        {
            if (!rail.Read(text, gross).TryGet(out var whole, out var error))
                return error;
            fee = RoundUp(whole.FeeMax);
        }

        return fee >= gross
            ? PaymentError.Invalid("amount_too_small", "destination", "The network's fee would take all of it.")
            : rail.Read(text, gross - fee).Then<OutgoingRoute>(read => new OutgoingRoute(kind, read, gross - fee, fee));
    }

    private long LightningFee(long gross) => Math.Max(MilliSatoshisPerSatoshi, RoundUp((long)((UInt128)gross * (UInt128)options.LightningFeeBasisPoints / 10_000)));

    private static long RoundUp(long amount) => checked((amount + MilliSatoshisPerSatoshi - 1) / MilliSatoshisPerSatoshi * MilliSatoshisPerSatoshi);
}
