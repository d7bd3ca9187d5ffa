using System.Collections.Immutable;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails.Lightning;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Lnurl;

/// <summary>
/// Payments that a wallet begins (LUD-06): to a name with an amount that the payer chooses, to a payment link with its own price. Each invoice is
/// a payment intent of its own, so it shows, settles, refunds and is judged like any other payment.
/// </summary>
public sealed class LnurlPayService(
    IDatabase database, PaymentService payments, CheckoutService checkout, Quoter quoter, ILightningReceiver receiver, PaymentOptions options, TimeProvider time)
{
    /// <summary>The key of metadata that marks a payment which a wallet began.</summary>
    public const string MetadataKey = "lnurl";

    private const long MilliSatoshisPerSatoshi = 1000;

    // Where somebody gives room to receive, room for this much is asked for: what people pay without an invoice is small.
    private static readonly MilliSatoshis s_wanted = new(1_000_000_000);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    /// <summary>What a name takes now.</summary>
    public async Task<Result<PayRange, PaymentError>> RangeAsync(LightningName name, CancellationToken cancellationToken)
    {
        var least = new MilliSatoshis(checked(name.MinSatoshis * MilliSatoshisPerSatoshi));
        var asked = name.MaxSatoshis is { } most ? new MilliSatoshis(checked(most * MilliSatoshisPerSatoshi)) : new MilliSatoshis(long.MaxValue);
        var wanted = asked < s_wanted ? asked : least > s_wanted ? least : s_wanted;
        if (!(await receiver.ReceivableAsync(wanted, cancellationToken)).TryGet(out var receivable, out var error))
            return error;
        var max = receivable < asked ? receivable : asked;

        // A payer who is told whole satoshis sends whole satoshis.
        max = max.FloorToSatoshis().ToMilliSatoshis();
        return max >= least ? new PayRange(least, max) : PaymentError.Unavailable("lightning_cannot_receive", "amount", "This payee cannot receive over Lightning now: try again later.");
    }

    /// <summary>Writes the invoice for an amount that a payer chose.</summary>
    /// <param name="name">Who is paid.</param>
    /// <param name="amount">How much: the invoice asks for it to the millisatoshi.</param>
    /// <param name="comment">What the payer writes along; null for nothing.</param>
    /// <param name="payer">Who pays, where that was asked for; null where it was not.</param>
    /// <param name="metadata">What the wallet was shown.</param>
    /// <param name="identifier">The Lightning Address, as the payment's metadata names it.</param>
    /// <param name="clues">What is known of whoever asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<LnurlInvoice, PaymentError>> RequestAsync(
        LightningName name, MilliSatoshis amount, string? comment, PayerData? payer, PayMetadata metadata, string identifier, RiskClues clues, CancellationToken cancellationToken)
    {
        if (comment is not null && comment.Length > name.CommentLengthMax)
            return PaymentError.Invalid("parameter_invalid", "comment", name.CommentLengthMax == 0 ? "This payee takes no comments." : $"A comment has at most {name.CommentLengthMax} characters.");
        if (!(await RangeAsync(name, cancellationToken)).TryGet(out var range, out var error))
            return error;
        if (amount < range.Min || amount > range.Max)
            return PaymentError.Invalid("amount_out_of_range", "amount", $"Between {range.Min.Value} and {range.Max.Value} msat can be paid now, and {amount.Value} msat were asked for.");
        var request = new PaymentRequest
        {
            StoreId = name.StoreId,
            IsLive = name.IsLive,
            Amount = new CurrencyAmount(amount.Value / MilliSatoshisPerSatoshi, Currency.Bitcoin),
            Rails = [RailKind.Lightning],
            Description = comment is { Length: > 0 } ? comment : name.Description ?? identifier,
            ReceiptEmail = payer?.Email,
            Metadata = Metadata(name, comment, payer, identifier),
            Lifetime = s_lifetime,
        };
        if (!(await payments.CreateAsync(request, null, cancellationToken)).TryGet(out var file, out error))
            return error;
        var now = time.GetUtcNow();

        // The books count satoshis for the intent; what is below one is asked for, paid and credited like the rest.
        var quote = new Quote(request.Amount, amount, BitcoinPrice.One, "exact", 0, now, now + options.QuoteLifetime);
        return (await OfferAsync(file, quote, metadata.Hash(payer?.Text), clues, cancellationToken)).Then<LnurlInvoice>(static offered => new LnurlInvoice(offered.File, offered.Attempt));
    }

    /// <summary>What a payment link costs now, in bitcoin; the quote is what the invoice will ask for.</summary>
    public async Task<Result<Quote, PaymentError>> PriceAsync(PaymentLink link, CancellationToken cancellationToken)
    {
        if (!link.IsActive || (!link.Rails.IsEmpty && !link.Rails.Contains(RailKind.Lightning)) || (options.IsBitcoinLive is { } isLive && isLive != link.IsLive))
            return PaymentError.UnexpectedState("link_closed", "This payment link takes no Lightning payments.");
        if (!quoter.TryQuote(PriceOf(link), options.SpreadBasisPoints, options.QuoteLifetime).TryGet(out var quote, out var error))
            return error;
        if (!(await receiver.ReceivableAsync(quote.Bitcoin, cancellationToken)).TryGet(out var receivable, out error))
            return error;
        return receivable >= quote.Bitcoin ? quote : PaymentError.Unavailable("lightning_cannot_receive", "amount", "This payee cannot receive so much over Lightning now: open the link in a browser to pay in another way.");
    }

    /// <summary>Writes the invoice for a payment link, at the price that the wallet was shown.</summary>
    public async Task<Result<LnurlInvoice, PaymentError>> RequestAsync(
        PaymentLink link, Quote quote, PayMetadata metadata, RiskClues clues, CancellationToken cancellationToken)
    {
        if (!link.IsActive || quote.Amount != PriceOf(link) || !quote.HoldsAt(time.GetUtcNow()))
            return PaymentError.UnexpectedState("quote_expired", "The price that was shown no longer holds: scan the code again.");
        var made = await checkout.CreateAsync(
            new CheckoutRequest
            {
                StoreId = link.StoreId,
                IsLive = link.IsLive,
                Currency = link.Currency,
                Lines = link.Lines,
                SuccessUrl = link.SuccessUrl,
                Rails = link.Rails,
                Metadata = link.Metadata,
                IntentMetadata = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(MetadataKey, link.Id),
                PaymentLinkId = link.Id,
            },
            null,
            cancellationToken);
        if (!made.TryGet(out var file, out var error))
            return error;
        return (await OfferAsync(file.Payment, quote, metadata.Hash(null), clues, cancellationToken)).Then<LnurlInvoice>(offered => new LnurlInvoice(offered.File, offered.Attempt, file.Session));
    }

    /// <summary>The payment of an invoice that a wallet asked for, by its payment hash; null for every other.</summary>
    public async Task<LnurlInvoice?> FindAsync(Bytes32 paymentHash, CancellationToken cancellationToken)
    {
        var reference = paymentHash.ToString();
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindByReferenceAsync(transaction, RailKind.Lightning, reference, token), cancellationToken);
        if (file is null || !file.Intent.Metadata.ContainsKey(MetadataKey))
            return null;
        return new LnurlInvoice(file, file.Attempts.First(attempt => attempt.Rail == RailKind.Lightning && string.Equals(attempt.Reference, reference, StringComparison.Ordinal)));
    }

    /// <summary>The preimage of a payment that was taken; null as long as it was not.</summary>
    public Bytes32? ProofOf(LnurlInvoice invoice) => receiver.ProofOf(invoice.File, invoice.Attempt);

    /// <summary>What a link costs, in its own currency.</summary>
    public static CurrencyAmount PriceOf(PaymentLink link) => new(link.Lines.Sum(static line => line.Amount), link.Currency);

    private async Task<Result<(PaymentFile File, PaymentAttempt Attempt), PaymentError>> OfferAsync(
        PaymentFile file, Quote quote, Bytes32 descriptionHash, RiskClues clues, CancellationToken cancellationToken)
    {
        var confirmed = await payments.ConfirmAsync(
            file.Intent.Id, new ConfirmRequest(RailKind.Lightning) { Quote = quote, DescriptionHash = descriptionHash, Clues = clues }, null, cancellationToken);
        if (confirmed.TryGet(out var offered, out var error))
        {
            if (offered.Attempts[^1] is { Status: AttemptStatus.Open, Instruction: not null } attempt)
                return (offered, attempt);
            error = PaymentError.UnexpectedState("payment_declined", "This payment was declined.");
        }

        // Nobody has an invoice of it, and nobody will.
        await payments.CancelAsync(file.Intent.Id, CancellationReason.Abandoned, null, cancellationToken);
        return error;
    }

    private static ImmutableSortedDictionary<string, string> Metadata(LightningName name, string? comment, PayerData? payer, string identifier)
    {
        var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        metadata[MetadataKey] = identifier;
        if (name.Reference is { } reference)
            metadata["reference"] = reference;
        if (comment is { Length: > 0 })
            metadata["comment"] = comment;
        if (payer?.Name is { } payerName)
            metadata["payer_name"] = payerName;
        if (payer?.Email is { } email)
            metadata["payer_email"] = email;
        return metadata.ToImmutable();
    }
}
