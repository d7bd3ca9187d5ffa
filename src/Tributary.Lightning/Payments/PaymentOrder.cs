using Tributary.Crypto;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Payments;

/// <summary>What is to be paid, to whom, and what it may take.</summary>
public sealed record PaymentOrder
{
    /// <summary>Blocks that may come while a payment is under way, on top of what the payee asks for.</summary>
    internal const uint BlocksMargin = 3;

    public required Bytes32 PaymentHash { get; init; }

    public required NodeId Payee { get; init; }

    /// <summary>What the payee is to get.</summary>
    public required MilliSatoshis Amount { get; init; }

    /// <summary>What the nodes between may keep.</summary>
    public required MilliSatoshis FeeMax { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long StartedAt { get; init; }

    /// <summary>No attempt begins after this moment, in milliseconds since 1970. One that is under way goes on.</summary>
    public required long Deadline { get; init; }

    /// <summary>Blocks that the last HTLC has to have left when it arrives.</summary>
    public required uint FinalCltvDelta { get; init; }

    /// <summary>The invoice's secret; none for a spontaneous payment.</summary>
    public Bytes32? PaymentSecret { get; init; }

    /// <summary>The preimage of a spontaneous payment (bLIP 3).</summary>
    public Bytes32? KeysendPreimage { get; init; }

    /// <summary>What the invoice asks to be sent along.</summary>
    public ReadOnlyMemory<byte>? Metadata { get; init; }

    /// <summary>Records for the payee, all of odd types.</summary>
    public TlvStream CustomRecords { get; init; } = TlvStream.Empty;

    public IReadOnlyList<IReadOnlyList<RouteHintHop>> Hints { get; init; } = [];

    /// <summary>Milliseconds since 1970; no attempt begins after it.</summary>
    public long? InvoiceExpiresAt { get; init; }

    /// <summary>The invoice as it was given; empty for a spontaneous payment.</summary>
    public string InvoiceText { get; init; } = "";

    public ushort AttemptsMax { get; init; } = 30;

    /// <summary>Blocks that money may be stuck at worst.</summary>
    public uint CltvMax { get; init; } = RouteQuery.CltvLimit;

    /// <summary>Random blocks on top, so that nodes on the way cannot tell the payee by the delta (BOLT 7, "Recommendations for Routing").</summary>
    public uint ShadowCltvMax { get; init; }

    /// <summary>An order for an invoice.</summary>
    /// <param name="invoice">Whose signature is good.</param>
    /// <param name="amount">For an invoice without an amount; otherwise between what it asks for and twice that (BOLT 4), or null.</param>
    /// <param name="feeMax">What the nodes between may keep; null for one per cent, at least 5 satoshis.</param>
    /// <param name="nowMilliseconds">Since 1970.</param>
    /// <param name="timeoutMilliseconds">How long attempts may begin.</param>
    public static Result<PaymentOrder, Refusal> ForInvoice(
        Invoice invoice, MilliSatoshis? amount, MilliSatoshis? feeMax, long nowMilliseconds, long timeoutMilliseconds = 60_000)
    {
        var terms = invoice.Terms;
        if (ChooseAmount(terms.Amount, amount).TryGet(out var chosen, out var refusal) is false)
            return refusal;
        var expiresAt = Math.Min(terms.ExpiresAt, long.MaxValue / 1000) * 1000;
        if (expiresAt <= nowMilliseconds)
            return new Refusal("invoice", "has expired: ask the payee for a new one");
        return new PaymentOrder
        {
            PaymentHash = terms.PaymentHash,
            Payee = new NodeId(invoice.Payee),
            Amount = chosen,
            FeeMax = feeMax ?? DefaultFeeMax(chosen),
            StartedAt = nowMilliseconds,
            Deadline = nowMilliseconds + timeoutMilliseconds,
            FinalCltvDelta = terms.EffectiveMinFinalCltvExpiryDelta,
            PaymentSecret = terms.PaymentSecret,
            Metadata = terms.Metadata,
            Hints = terms.RouteHints,
            InvoiceExpiresAt = expiresAt,
            InvoiceText = invoice.Text,
        };
    }

    /// <summary>An order for a spontaneous payment (bLIP 3), whose preimage the payee learns from the onion.</summary>
    /// <param name="payee">Who gets it.</param>
    /// <param name="amount">What it gets.</param>
    /// <param name="preimage">Fresh from entropy.</param>
    /// <param name="feeMax">What the nodes between may keep; null for one per cent, at least 5 satoshis.</param>
    /// <param name="nowMilliseconds">Since 1970.</param>
    /// <param name="timeoutMilliseconds">How long attempts may begin.</param>
    public static PaymentOrder ForKeysend(
        NodeId payee, MilliSatoshis amount, Bytes32 preimage, MilliSatoshis? feeMax, long nowMilliseconds, long timeoutMilliseconds = 60_000) => new()
        {
            PaymentHash = Hashes.Sha256(preimage.Span),
            Payee = payee,
            Amount = amount,
            FeeMax = feeMax ?? DefaultFeeMax(amount),
            StartedAt = nowMilliseconds,
            Deadline = nowMilliseconds + timeoutMilliseconds,
            FinalCltvDelta = 42,
            KeysendPreimage = preimage,
        };

    /// <summary>The payload for the payee.</summary>
    internal HopPayload FinalPayload(uint cltvExpiry) =>
        (KeysendPreimage is { } preimage
            ? HopPayload.Keysend(Amount, cltvExpiry, preimage)
            : HopPayload.Final(Amount, cltvExpiry, PaymentSecret ?? default, Amount)) with
        { PaymentMetadata = Metadata, UnknownTlvs = CustomRecords };

    private static MilliSatoshis DefaultFeeMax(MilliSatoshis amount) => new(Math.Max(5000, amount.Value / 100));

    private static Result<MilliSatoshis, Refusal> ChooseAmount(MilliSatoshis? asked, MilliSatoshis? given)
    {
        if (given is { } some && some <= MilliSatoshis.Zero)
            return new Refusal("amount", "is not more than nothing");
        return (asked, given) switch
        {
            (null, null) => new Refusal("amount", "is not in the invoice: say how much to pay"),
            (null, { } chosen) => chosen,
            ({ } wanted, null) => wanted,
            ({ } wanted, { } chosen) when chosen < wanted => new Refusal("amount", $"is less than the invoice asks for, {wanted}"),
            ({ } wanted, { } chosen) when chosen.Value / 2 > wanted.Value || chosen.Value > wanted.Value * 2 =>
                new Refusal("amount", "is more than twice what the invoice asks for: the payee would refuse it"),
            ({ }, { } chosen) => chosen,
        };
    }
}
