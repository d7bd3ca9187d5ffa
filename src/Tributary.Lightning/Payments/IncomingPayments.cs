using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Payments;

/// <summary>
/// All payments that come to this node: its invoices and spontaneous payments, by payment hash. All parts of a payment are taken or none; a
/// hash is paid once. The state is its records applied in order; parts that wait are known to the channels, which tell of them again after a
/// restart. One owner.
/// </summary>
/// <param name="options">How payments are taken.</param>
/// <param name="entropy">For preimages and secrets.</param>
public sealed class IncomingPayments(ReceiverOptions options, IEntropy entropy)
{
    private readonly Dictionary<Bytes32, ReceivedInvoice> _invoices = [];
    private readonly Dictionary<Bytes32, HtlcSet> _sets = [];
    private readonly PriorityQueue<Bytes32, long> _expiries = new();
    private readonly HashSet<Bytes32> _accepted = [];
    private readonly HashSet<Bytes32> _archivedPaid = [];
    private int _open;
    private long? _firstTick;

    /// <summary>All invoices but archived ones, in no order.</summary>
    public IEnumerable<ReceivedInvoice> Invoices => _invoices.Values;

    /// <summary>Those whose payment is held.</summary>
    public IEnumerable<ReceivedInvoice> Held => _accepted.Select(hash => _invoices[hash]);

    /// <summary>An invoice by its hash; null when there is none, or it is archived.</summary>
    public ReceivedInvoice? Find(Bytes32 paymentHash) => _invoices.GetValueOrDefault(paymentHash);

    /// <summary>The block at which the first part of a held payment expires; null when none is held, or the channels have not told of its parts since a restart.</summary>
    public uint? EarliestExpiry(Bytes32 paymentHash) =>
        Find(paymentHash) is { Status: InvoiceStatus.Accepted } && _sets.TryGetValue(paymentHash, out var set) && set.IsComplete ? set.EarliestExpiry : null;

    /// <summary>Takes a record: of a step of this machine, or at a restart.</summary>
    /// <exception cref="InvalidOperationException">The record does not follow from those before it: the log is corrupt, or there is a bug.</exception>
    public void Apply(InvoiceRecord record)
    {
        var hash = record.PaymentHash;
        if (record is InvoiceRecord.Archived)
        {
            if (!_invoices.Remove(hash, out var over) || over.Status == InvoiceStatus.Settled)
                _archivedPaid.Add(hash);
            return;
        }

        if (record is InvoiceRecord.Created created)
        {
            if (_archivedPaid.Contains(hash) || !_invoices.TryAdd(hash, new ReceivedInvoice(created.Sheet)))
                throw new InvalidOperationException($"The hash {hash} is used a second time.");
            if (!created.Sheet.IsKeysend)
                _expiries.Enqueue(hash, created.Sheet.ExpiresAt);
        }

        if (!_invoices.TryGetValue(hash, out var invoice))
            throw new InvalidOperationException($"A record of the invoice {hash} comes before the invoice.");
        var wasOpen = invoice.Status == InvoiceStatus.Open && record is not InvoiceRecord.Created;
        invoice.Apply(record);
        _open += (invoice.Status == InvoiceStatus.Open ? 1 : 0) - (wasOpen ? 1 : 0);
        if (invoice.Status == InvoiceStatus.Accepted)
            _accepted.Add(hash);
        else
            _accepted.Remove(hash);
    }

    /// <summary>The records that make this state again.</summary>
    public IEnumerable<InvoiceRecord> Checkpoint()
    {
        foreach (var hash in _archivedPaid.Order())
            yield return new InvoiceRecord.Archived(hash);
        foreach (var (_, invoice) in _invoices.OrderBy(static pair => pair.Key))
        {
            foreach (var record in invoice.Records)
                yield return record;
        }
    }

    /// <summary>Makes and signs an invoice.</summary>
    /// <param name="order">What it is to say.</param>
    /// <param name="channels">Ours, for hints.</param>
    /// <param name="nodeKey">Stays the caller's.</param>
    /// <param name="nowMilliseconds">Since 1970.</param>
    public Result<CreatedInvoice, Refusal> Create(InvoiceOrder order, IEnumerable<HintChannel> channels, SecretKey nodeKey, long nowMilliseconds)
    {
        if (_open >= options.OpenInvoicesMax)
            return new Refusal("invoice", $"{options.OpenInvoicesMax} invoices wait to be paid already");
        if (order.PaymentHash is not null && !order.IsHold)
            return new Refusal("payment_hash", "can be given for a hold invoice only: nobody here knows its preimage");
        if (order.ExpirySeconds is <= 0 or > 10L * 365 * 86_400)
            return new Refusal("expiry", "takes one second to ten years");
        var delta = order.MinFinalCltvDelta ?? (order.IsHold ? options.HoldMinFinalCltvDelta : options.MinFinalCltvDelta);
        var least = options.ReleaseMarginBlocks + (order.IsHold ? options.HoldMarginBlocks : 6);
        if (delta < least || delta > 2016)
            return new Refusal("min_final_cltv_expiry_delta", $"takes {least} to 2016 blocks");

        var preimage = order.PaymentHash is null ? Draw() : (Bytes32?)null;
        var hash = order.PaymentHash ?? Hashes.Sha256(preimage!.Value.Span);
        if (_invoices.ContainsKey(hash) || _archivedPaid.Contains(hash))
            return new Refusal("payment_hash", "has an invoice already: a hash is used once");

        var secret = Draw();
        var terms = new InvoiceTerms
        {
            Network = order.Network,
            Amount = order.Amount,
            Timestamp = nowMilliseconds / 1000,
            PaymentHash = hash,
            PaymentSecret = secret,
            Description = order.DescriptionHash is null ? order.Description : null,
            DescriptionHash = order.DescriptionHash,
            ExpirySeconds = order.ExpirySeconds,
            MinFinalCltvExpiryDelta = delta,
            Fallbacks = order.Fallbacks,
            RouteHints = InvoiceHints.Choose(channels, order.Amount),
            Features = FeatureVector.Empty.Requiring(Feature.VariableLengthOnion, Feature.PaymentSecret).Offering(Feature.BasicMultiPart),
        };
        if (!Invoice.Create(terms, nodeKey).TryGet(out var invoice, out var refusal))
            return refusal;

        var step = new InvoiceStep();
        var sheet = new InvoiceSheet(
            hash, preimage, secret, order.Amount, nowMilliseconds, terms.ExpiresAt * 1000, delta, order.IsHold, order.Description, invoice.Text, TlvStream.Empty);
        Record(step, new InvoiceRecord.Created(sheet));
        return new CreatedInvoice(invoice, step);
    }

    /// <summary>
    /// An HTLC is irrevocably committed; told again after a restart for each that still is. It is taken, kept until the others of its set are
    /// here, or given back with what BOLT 4 wants the payer to know: whatever is wrong with hash, secret, amount or time looks the same.
    /// </summary>
    /// <param name="htlc">The HTLC.</param>
    /// <param name="nodeKey">Stays the caller's.</param>
    /// <param name="nowMilliseconds">Since 1970.</param>
    /// <param name="height">Our best block; the node is synced.</param>
    public InvoiceStep HtlcCommitted(ReceivedHtlc htlc, SecretKey nodeKey, long nowMilliseconds, uint height)
    {
        var step = new InvoiceStep();
        var invoice = Find(htlc.PaymentHash);
        if (invoice is { Status: InvoiceStatus.Settled, Preimage: { } preimage } && invoice.Parts.Contains(htlc.Key))
        {
            // It was decided before a restart.
            step.Add(new InvoiceEffect.FulfillHtlc(htlc.Key, preimage));
            return step;
        }

        if (_sets.TryGetValue(htlc.PaymentHash, out var set) && set.Contains(htlc.Key))
            return step;
        if (FinalHop.Open(htlc, nodeKey, step) is not { } hop)
            return step;
        if (!FinalHop.IsPlausible(hop, htlc, step))
            return step;
        if (invoice is null && hop.Payload.KeysendPreimage is { } spontaneous)
            TakeKeysend(step, htlc, hop, spontaneous, nowMilliseconds, height);
        else if (invoice is null || !IsWanted(invoice, set, htlc, hop.Payload, nowMilliseconds, height))
            Refuse(step, htlc, hop, height);
        else
            AddPart(step, invoice, set, htlc, hop, nowMilliseconds, height);
        return step;
    }

    /// <summary>Takes a held payment. Refused when there is none, or its expiry is too near to give the preimage away.</summary>
    public Result<InvoiceStep, Refusal> Settle(Bytes32 preimage, long nowMilliseconds, uint height)
    {
        var hash = Hashes.Sha256(preimage.Span);
        if (Find(hash) is not { } invoice)
            return new Refusal("preimage", "is that of no invoice here");
        if (invoice.Status != InvoiceStatus.Accepted)
        {
            return new Refusal("preimage", invoice.Status switch
            {
                InvoiceStatus.Open => "belongs to an invoice that is not paid yet",
                InvoiceStatus.Settled => "belongs to an invoice that is settled already",
                _ => "belongs to an invoice that was cancelled",
            });
        }

        if (!_sets.TryGetValue(hash, out var set) || !set.IsComplete)
            return new Refusal("preimage", "belongs to a payment whose parts the channels have not told of since the restart: try again in a moment");
        if (set.EarliestExpiry < height + options.ReleaseMarginBlocks)
            return new Refusal("preimage", "would be given away too near to the expiry of the payment");
        var step = new InvoiceStep();
        Take(step, invoice, set, preimage, nowMilliseconds);
        return step;
    }

    /// <summary>Gives a held payment back, or closes an invoice that nobody has paid.</summary>
    public Result<InvoiceStep, Refusal> Cancel(Bytes32 paymentHash, long nowMilliseconds, uint height)
    {
        if (Find(paymentHash) is not { } invoice)
            return new Refusal("payment_hash", "is that of no invoice here");
        if (invoice.Status == InvoiceStatus.Settled)
            return new Refusal("payment_hash", "is that of an invoice that is settled");
        var step = new InvoiceStep();
        if (invoice.Status != InvoiceStatus.Cancelled)
            GiveUp(step, invoice, "It was cancelled by command.", FailureMessageOf(height), nowMilliseconds);
        return step;
    }

    /// <summary>
    /// With each block and now and then (each second or so): sets that stay incomplete go back, held payments whose expiry comes near too, and
    /// invoices expire.
    /// </summary>
    public InvoiceStep Tick(long nowMilliseconds, uint height)
    {
        var step = new InvoiceStep();
        _firstTick ??= nowMilliseconds;
        foreach (var (hash, set) in _sets.Where(pair => IsOver(pair.Value, nowMilliseconds)).OrderBy(static pair => pair.Key).ToArray())
        {
            if (_invoices[hash].Status == InvoiceStatus.Accepted)
                continue;
            set.Fail(step, static _ => FailureMessage.Of(FailureCode.MultiPartTimeout));
            _sets.Remove(hash);
        }

        foreach (var hash in _accepted.Order().ToArray())
        {
            var set = _sets.GetValueOrDefault(hash);
            if (set is { IsComplete: true } && set.EarliestExpiry <= height + options.HoldMarginBlocks)
                GiveUp(step, _invoices[hash], "It was held until its expiry came near.", FailureMessageOf(height), nowMilliseconds);
            else if (set is not { IsComplete: true } && nowMilliseconds - _firstTick.Value >= options.MultiPartTimeoutMilliseconds)
                GiveUp(step, _invoices[hash], "Parts of it were gone after a restart.", FailureMessageOf(height), nowMilliseconds);
        }

        while (_expiries.TryPeek(out var hash, out var expiresAt) && expiresAt <= nowMilliseconds)
        {
            if (Find(hash) is { Status: InvoiceStatus.Open } invoice)
            {
                // Parts that came in time may still be completed.
                if (_sets.ContainsKey(hash))
                    break;
                GiveUp(step, invoice, "It has expired.", FailureMessageOf(height), nowMilliseconds);
            }

            _expiries.Dequeue();
        }

        return step;
    }

    /// <summary>An HTLC can no longer be taken: the peer took it back on chain. Without it a held payment is off.</summary>
    public InvoiceStep HtlcLost(HtlcKey htlc, long nowMilliseconds, uint height)
    {
        var step = new InvoiceStep();
        foreach (var (hash, set) in _sets)
        {
            if (!set.Contains(htlc))
                continue;
            set.Remove(htlc);
            if (_invoices[hash].Status == InvoiceStatus.Accepted)
                GiveUp(step, _invoices[hash], "A part of it was taken back on chain.", FailureMessageOf(height), nowMilliseconds);
            else if (set.Count == 0)
                _sets.Remove(hash);
            break;
        }

        return step;
    }

    /// <summary>Lets go of the details of an invoice that is over, which the caller keeps from now on: once the channels have resolved its HTLCs. A hash that was paid stays known.</summary>
    public InvoiceStep Archive(Bytes32 paymentHash)
    {
        var step = new InvoiceStep();
        if (Find(paymentHash) is { Status: InvoiceStatus.Settled or InvoiceStatus.Cancelled } && !_sets.ContainsKey(paymentHash))
            Record(step, new InvoiceRecord.Archived(paymentHash));
        return step;
    }

    // BOLT 4, "Payload for the Last Node": all of this fails alike.
    private bool IsWanted(ReceivedInvoice invoice, HtlcSet? set, ReceivedHtlc htlc, HopPayload payload, long now, uint height)
    {
        var sheet = invoice.Sheet;
        if (sheet.PaymentSecret is not { } secret || payload.PaymentSecret is not { } given || payload.TotalAmount is not { } total)
            return false;
        if (!CryptographicOperations.FixedTimeEquals(secret.Span, given.Span))
            return false;
        if (total <= MilliSatoshis.Zero || (sheet.Amount is { } asked && (total < asked || total.Value / 2 > asked.Value || total.Value > asked.Value * 2)))
            return false;
        if (set is not null && (set.IsComplete || set.Count >= options.PartsMax))
            return false;

        // No more than twice of what was asked for, whatever the parts say.
        var limit = sheet.Amount ?? total;
        if (htlc.Amount > limit + limit - (set?.Sum ?? MilliSatoshis.Zero))
            return false;

        // Parts that the channels tell of again after a restart were in time when they came.
        if (invoice.Status == InvoiceStatus.Accepted)
            return true;
        return invoice.Status == InvoiceStatus.Open
            && (now < sheet.ExpiresAt || set is not null)
            && htlc.CltvExpiry >= height + (ulong)sheet.MinFinalCltvDelta;
    }

    private void AddPart(InvoiceStep step, ReceivedInvoice invoice, HtlcSet? set, ReceivedHtlc htlc, FinalHop hop, long now, uint height)
    {
        var total = hop.Payload.TotalAmount!.Value;
        if (set is not null && set.Total != total)
        {
            // The parts do not agree on the whole: they all go back.
            Refuse(step, htlc, hop, height);
            if (invoice.Status == InvoiceStatus.Accepted)
                return;
            set.Fail(step, FailureMessageOf(height));
            _sets.Remove(htlc.PaymentHash);
            return;
        }

        if (set is null)
            _sets[htlc.PaymentHash] = set = new HtlcSet(total, now);
        set.Add(htlc, hop.SharedSecret);
        if (!set.IsComplete || invoice.Status == InvoiceStatus.Accepted)
            return;
        if (invoice.Sheet.IsHold)
        {
            Record(step, new InvoiceRecord.Accepted(htlc.PaymentHash, set.Sum, now));
            step.Add(new InvoiceEffect.Accepted(invoice, set.EarliestExpiry));
        }
        else if (set.EarliestExpiry < height + options.ReleaseMarginBlocks)
        {
            set.Fail(step, FailureMessageOf(height));
            _sets.Remove(htlc.PaymentHash);
        }
        else
        {
            Take(step, invoice, set, invoice.Sheet.Preimage!.Value, now);
        }
    }

    private void TakeKeysend(InvoiceStep step, ReceivedHtlc htlc, FinalHop hop, Bytes32 preimage, long now, uint height)
    {
        var payload = hop.Payload;
        if (!options.AcceptsKeysend || _archivedPaid.Contains(htlc.PaymentHash) || Hashes.Sha256(preimage.Span) != htlc.PaymentHash
            || (payload.TotalAmount is { } total && total > htlc.Amount)
            || htlc.CltvExpiry < height + (ulong)Math.Max(options.KeysendMinFinalCltvDelta, options.ReleaseMarginBlocks))
        {
            Refuse(step, htlc, hop, height);
            return;
        }

        var sheet = new InvoiceSheet(
            htlc.PaymentHash, preimage, PaymentSecret: null, htlc.Amount, now, now, options.KeysendMinFinalCltvDelta, IsHold: false, "", "", payload.UnknownTlvs);
        Record(step, new InvoiceRecord.Created(sheet));
        var set = new HtlcSet(htlc.Amount, now);
        set.Add(htlc, hop.SharedSecret);
        Take(step, _invoices[htlc.PaymentHash], set, preimage, now);
    }

    private void Take(InvoiceStep step, ReceivedInvoice invoice, HtlcSet set, Bytes32 preimage, long now)
    {
        Record(step, new InvoiceRecord.Settled(invoice.Sheet.PaymentHash, preimage, set.Sum, set.Keys, now));
        _sets.Remove(invoice.Sheet.PaymentHash);
        foreach (var key in set.Keys)
            step.Add(new InvoiceEffect.FulfillHtlc(key, preimage));
        step.Add(new InvoiceEffect.Settled(invoice));
    }

    private void GiveUp(InvoiceStep step, ReceivedInvoice invoice, string reason, Func<MilliSatoshis, FailureMessage> failure, long now)
    {
        Record(step, new InvoiceRecord.Cancelled(invoice.Sheet.PaymentHash, reason, now));
        if (_sets.Remove(invoice.Sheet.PaymentHash, out var set))
            set.Fail(step, failure);
        step.Add(new InvoiceEffect.Cancelled(invoice));
    }

    private bool IsOver(HtlcSet set, long now) => !set.IsComplete && now - set.FirstAt >= options.MultiPartTimeoutMilliseconds;

    private static void Refuse(InvoiceStep step, ReceivedHtlc htlc, FinalHop hop, uint height) =>
        step.Add(new InvoiceEffect.FailHtlc(htlc.Key, ErrorOnion.Create(hop.SharedSecret, FailureMessage.OfPaymentDetails(htlc.Amount, height))));

    private static Func<MilliSatoshis, FailureMessage> FailureMessageOf(uint height) => amount => FailureMessage.OfPaymentDetails(amount, height);

    private Bytes32 Draw()
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        entropy.Fill(bytes);
        return new Bytes32(bytes);
    }

    private void Record(InvoiceStep step, InvoiceRecord record)
    {
        Apply(record);
        step.Add(record);
    }
}
