using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Payments;

/// <summary>
/// All payments that this node makes: one state machine for each payment hash. A payment is pending until every HTLC of it is irrevocably
/// resolved; at most one is out at a time; a hash that was paid is never paid again. The state is its records applied in order. One owner.
/// </summary>
/// <param name="self">Our node id.</param>
/// <param name="chainHash">Of the network: updates in failures are of it.</param>
/// <param name="paths">Where ways come from.</param>
/// <param name="memory">What payments learn of other nodes' channels: shared by all, and no part of the state.</param>
/// <param name="entropy">For session keys and shadow routes.</param>
public sealed class OutgoingPayments(NodeId self, Bytes32 chainHash, IPathFinder paths, LiquidityMemory memory, IEntropy entropy)
{
    private readonly FailureJudge _judge = new(chainHash, memory);
    private readonly Dictionary<Bytes32, OutgoingPayment> _payments = [];
    private readonly Dictionary<HtlcKey, (Bytes32 PaymentHash, ushort Attempt)> _htlcs = [];
    private readonly HashSet<Bytes32> _pending = [];

    private readonly HashSet<Bytes32> _outstanding = [];

    // Over, and kept by somebody else: true for paid.
    private readonly Dictionary<Bytes32, bool> _archived = [];

    /// <summary>All payments but archived ones, in no order.</summary>
    public IEnumerable<OutgoingPayment> Payments => _payments.Values;

    /// <summary>Payments that have not ended.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Money that may still leave us: all HTLCs that nobody has resolved.</summary>
    public MilliSatoshis Outstanding => _outstanding.Aggregate(MilliSatoshis.Zero, (sum, hash) => sum + _payments[hash].Outstanding);

    /// <summary>A payment by its hash; null when there is none, or it is archived.</summary>
    public OutgoingPayment? Find(Bytes32 paymentHash) => _payments.GetValueOrDefault(paymentHash);

    /// <summary>Takes a record: of a step of this machine, or at a restart.</summary>
    /// <exception cref="InvalidOperationException">The record does not follow from those before it: the log is corrupt, or there is a bug.</exception>
    public void Apply(PaymentRecord record)
    {
        var hash = record.PaymentHash;
        if (record is PaymentRecord.Archived)
        {
            var wasPaid = !_payments.Remove(hash, out var over) || over.Status == PaymentStatus.Succeeded;
            _archived[hash] = wasPaid || _archived.GetValueOrDefault(hash);
            foreach (var attempt in over?.Attempts ?? [])
            {
                if (attempt.Htlc is { } htlc)
                    _htlcs.Remove(htlc);
            }

            return;
        }

        if (!_payments.TryGetValue(hash, out var payment))
        {
            if (record is not PaymentRecord.Started started)
                throw new InvalidOperationException($"A record of the payment {hash} comes before its order.");
            if (_archived.GetValueOrDefault(hash))
                throw new InvalidOperationException($"The payment {hash} was made and begins again.");
            _archived.Remove(hash);
            _payments[hash] = payment = new OutgoingPayment(started);
        }
        else if (record is PaymentRecord.Started && payment.Status != PaymentStatus.Failed)
        {
            throw new InvalidOperationException($"The payment {hash} begins a second time.");
        }

        payment.Apply(record);
        if (record is PaymentRecord.AttemptOffered offered)
            _htlcs[offered.Htlc] = (hash, offered.Attempt);
        Keep(_pending, hash, payment.Status == PaymentStatus.Pending);
        Keep(_outstanding, hash, payment.OutstandingAttempt is not null);
    }

    /// <summary>The records that make this state again; failed payments that are archived are left out.</summary>
    public IEnumerable<PaymentRecord> Checkpoint()
    {
        foreach (var (hash, wasPaid) in _archived.OrderBy(static pair => pair.Key))
        {
            if (wasPaid)
                yield return new PaymentRecord.Archived(hash);
        }

        foreach (var payment in _payments.OrderBy(static pair => pair.Key))
        {
            foreach (var record in payment.Value.Records)
                yield return record;
        }
    }

    /// <summary>
    /// Begins a payment. Refused for a hash that is being paid or was paid: <see cref="Find"/> tells how that one stands. A payment without
    /// any way ends in the same step.
    /// </summary>
    public Result<PaymentStep, Refusal> Pay(PaymentOrder order, PaymentContext context)
    {
        if (order.Payee == self)
            return new Refusal("payee", "is this node itself");
        if (order.Amount <= MilliSatoshis.Zero || order.Amount > Satoshis.MaxMoney.ToMilliSatoshis())
            return new Refusal("amount", "is no amount that can be paid");
        if (order.FeeMax < MilliSatoshis.Zero || order.FeeMax > Satoshis.MaxMoney.ToMilliSatoshis())
            return new Refusal("max_fee", "is no amount");
        if (order.PaymentSecret is null == order.KeysendPreimage is null)
            return new Refusal("payment_secret", "comes with an invoice, and a preimage with a spontaneous payment: one of them");
        if (order.KeysendPreimage is { } preimage && Hashes.Sha256(preimage.Span) != order.PaymentHash)
            return new Refusal("preimage", "is not that of the payment hash");
        if (order.CustomRecords.TryFindUnknownRequired([], out var type) || order.CustomRecords.TryFind(HopPayload.KeysendType, out _))
            return new Refusal("custom_records", $"take odd types of their own, not {type}");
        if (AttemptOnion.HopsThatFit(order) == 0)
            return new Refusal("metadata", "does not fit into an onion");
        if (_archived.GetValueOrDefault(order.PaymentHash))
            return new Refusal("payment_hash", "was paid already");
        if (_payments.TryGetValue(order.PaymentHash, out var known) && (known.Status != PaymentStatus.Failed || known.OutstandingAttempt is not null))
            return new Refusal("payment_hash", known.Status == PaymentStatus.Succeeded ? "was paid already" : "is being paid");

        var step = new PaymentStep();
        Record(step, new PaymentRecord.Started(order));
        Try(step, _payments[order.PaymentHash], context);
        return step;
    }

    /// <summary>The channel took the HTLC of an attempt.</summary>
    public PaymentStep HtlcOffered(Bytes32 paymentHash, ushort attempt, HtlcKey htlc)
    {
        var step = new PaymentStep();
        if (FindOutstanding(paymentHash, attempt) is { Htlc: null })
            Record(step, new PaymentRecord.AttemptOffered(paymentHash, attempt, htlc));
        return step;
    }

    /// <summary>The channel did not take the HTLC of an attempt: nothing went out.</summary>
    public PaymentStep HtlcRefused(Bytes32 paymentHash, ushort attempt, PaymentContext context)
    {
        var step = new PaymentStep();
        if (FindOutstanding(paymentHash, attempt) is { Htlc: null } found)
            Fail(step, _payments[paymentHash], found, new AttemptOutcome.TakenBack(), context);
        return step;
    }

    /// <summary>The peer has shown a preimage for what we offered: the payment is made, whatever becomes of the channel. Told again, nothing happens.</summary>
    public PaymentStep HtlcFulfilled(HtlcKey htlc, Bytes32 preimage, PaymentContext context)
    {
        var step = new PaymentStep();
        if (_htlcs.TryGetValue(htlc, out var place))
            Fulfil(step, place.PaymentHash, place.Attempt, preimage, context);
        return step;
    }

    /// <summary>
    /// What we offered has left both commitments irrevocably, or is decided deep in the chain: now, and not before, a failed attempt may be
    /// followed by another.
    /// </summary>
    public PaymentStep HtlcResolved(HtlcKey htlc, AttemptOutcome outcome, PaymentContext context)
    {
        var step = new PaymentStep();
        if (!_htlcs.TryGetValue(htlc, out var place))
            return step;
        if (outcome is AttemptOutcome.Fulfilled fulfilled)
            Fulfil(step, place.PaymentHash, place.Attempt, fulfilled.Preimage, context);
        else if (FindOutstanding(place.PaymentHash, place.Attempt) is { } attempt)
            Fail(step, _payments[place.PaymentHash], attempt, outcome, context);
        return step;
    }

    /// <summary>
    /// After a restart, once, before anything else: the HTLCs that our channels and their monitors still hold as ours, those among them that are
    /// resolved and not yet acknowledged. An attempt that
    /// no channel ever took counts as failed; payments with none go on at the next <see cref="Tick"/>, when peers are connected. An attempt that a
    /// channel took and none holds (which no channel should bring about) stays pending until <see cref="HtlcResolved"/> says how it ended.
    /// </summary>
    public PaymentStep Reconcile(IEnumerable<(HtlcKey Htlc, Bytes32 PaymentHash)> known, PaymentContext context)
    {
        var step = new PaymentStep();
        var byHash = known.ToLookup(static held => held.PaymentHash, static held => held.Htlc);
        foreach (var hash in _pending.Order().ToArray())
        {
            if (_payments[hash].OutstandingAttempt is not { } attempt)
                continue;
            // A channel took it: only word that it is irrevocably resolved ends it, even should no channel hold it any more.
            if (attempt.Htlc is not null)
                continue;

            // The channel may have it although nobody said so: an HTLC of no other attempt is this one's.
            var stray = byHash[hash].Where(key => !_htlcs.ContainsKey(key)).ToArray();
            if (stray.Length == 0)
                Record(step, new PaymentRecord.AttemptFailed(hash, attempt.Number, FailureJudge.OurChannel, FailureCode.None, []));
            else
                Record(step, new PaymentRecord.AttemptOffered(hash, attempt.Number, stray[0]));
        }

        foreach (var hash in _pending.Order().ToArray())
        {
            if (_payments[hash].OutstandingAttempt is null && context.NowMilliseconds >= _payments[hash].Order.Deadline)
                End(step, _payments[hash], PaymentFailure.DeadlinePassed, "The node was away when the time for the payment ended.", context);
        }

        return step;
    }

    /// <summary>Now and then (each second or so): payments without an HTLC out go on, or end when their time is over.</summary>
    public PaymentStep Tick(PaymentContext context)
    {
        var step = new PaymentStep();
        foreach (var hash in _pending.Order().ToArray())
        {
            var payment = _payments[hash];
            if (payment.OutstandingAttempt is not null)
                continue;
            if (context.FirstHops.Count > 0 || context.NowMilliseconds >= payment.Order.Deadline)
                Try(step, payment, context);
        }

        return step;
    }

    /// <summary>There is an answer to a path that was being looked for: the payment goes on, or ends.</summary>
    public PaymentStep Continue(Bytes32 paymentHash, PaymentContext context)
    {
        var step = new PaymentStep();
        if (_pending.Contains(paymentHash) && _payments[paymentHash].OutstandingAttempt is null)
            Try(step, _payments[paymentHash], context);
        return step;
    }

    /// <summary>Begins no further attempt of a payment; one that is out goes on until it is resolved.</summary>
    public PaymentStep Abandon(Bytes32 paymentHash, PaymentContext context)
    {
        var step = new PaymentStep();
        if (!_payments.TryGetValue(paymentHash, out var payment) || payment.Status != PaymentStatus.Pending || payment.IsAbandoned)
            return step;
        Record(step, new PaymentRecord.Abandoned(paymentHash));
        if (payment.OutstandingAttempt is null)
            Try(step, payment, context);
        return step;
    }

    /// <summary>Lets go of the details of a payment that is over, which the caller keeps from now on. A hash that was paid stays known.</summary>
    public PaymentStep Archive(Bytes32 paymentHash)
    {
        var step = new PaymentStep();
        if (!_payments.TryGetValue(paymentHash, out var payment) || payment.Status == PaymentStatus.Pending || payment.Attempts.Any(static attempt => attempt.IsOutstanding))
            return step;
        Record(step, new PaymentRecord.Archived(paymentHash));
        return step;
    }

    private PaymentAttempt? FindOutstanding(Bytes32 paymentHash, ushort attempt) =>
        _payments.TryGetValue(paymentHash, out var payment) && payment.OutstandingAttempt is { } found && found.Number == attempt ? found : null;

    private void Fulfil(PaymentStep step, Bytes32 hash, ushort number, Bytes32 preimage, PaymentContext context)
    {
        // A preimage that is none is a bug of the caller, which checks what peers say.
        if (!_payments.TryGetValue(hash, out var payment) || Hashes.Sha256(preimage.Span) != hash)
            return;
        if (number > payment.Attempts.Count || payment.Attempts[number - 1] is not { Preimage: null } attempt)
            return;

        // Should a payment that counted as failed turn out to be paid, that is told too: money comes first.
        var isNews = payment.Status != PaymentStatus.Succeeded;
        Record(step, new PaymentRecord.AttemptFulfilled(hash, number, preimage, context.NowMilliseconds));
        _judge.Settled(attempt.Route, context.NowMilliseconds);
        if (isNews)
            step.Add(new PaymentEffect.Finished(payment));
    }

    private void Fail(PaymentStep step, OutgoingPayment payment, PaymentAttempt attempt, AttemptOutcome outcome, PaymentContext context)
    {
        var verdict = _judge.Judge(attempt, payment.Constraints, outcome, context.NowMilliseconds);
        Record(step, new PaymentRecord.AttemptFailed(payment.Order.PaymentHash, attempt.Number, verdict.Hop, verdict.Code, verdict.Lessons));
        if (payment.Status != PaymentStatus.Pending)
            return;
        if (verdict.IsFinal)
            End(step, payment, PaymentFailure.PayeeRefused, verdict.Text, context);
        else
            Try(step, payment, context);
    }

    private void Try(PaymentStep step, OutgoingPayment payment, PaymentContext context)
    {
        var order = payment.Order;
        var last = payment.Attempts.Count == 0 ? "" : $" The last attempt: {payment.Attempts[^1]}.";
        if (payment.IsAbandoned)
            End(step, payment, PaymentFailure.Abandoned, "The payment was called off.", context);
        else if (context.NowMilliseconds >= order.Deadline)
            End(step, payment, PaymentFailure.DeadlinePassed, $"The time for the payment is over.{last}", context);
        else if (context.NowMilliseconds >= order.InvoiceExpiresAt)
            End(step, payment, PaymentFailure.InvoiceExpired, "The invoice has expired: ask the payee for a new one.", context);
        else if (payment.AttemptsMade >= order.AttemptsMax)
            End(step, payment, PaymentFailure.AttemptsExhausted, $"{order.AttemptsMax} attempts failed.{last}", context);
        else if (Offer(step, payment, context) is { } refusal)
            End(step, payment, PaymentFailure.NoRoute, $"There is no way: {refusal}.{last}", context);
    }

    private Refusal? Offer(PaymentStep step, OutgoingPayment payment, PaymentContext context)
    {
        var order = payment.Order;
        var delta = order.FinalCltvDelta + PaymentOrder.BlocksMargin;
        var query = new RouteQuery
        {
            Source = self,
            Payee = order.Payee,
            Amount = order.Amount,
            FinalCltvDelta = delta,
            FeeMax = order.FeeMax,
            FirstHops = context.FirstHops,
            CltvMax = Math.Max(order.CltvMax, delta),
            HopsMax = AttemptOnion.HopsThatFit(order),
            Hints = order.Hints,
            Constraints = payment.Constraints,
            Memory = memory,
            NowMilliseconds = context.NowMilliseconds,
        };
        if (!paths.TryFind(order.PaymentHash, query, order.ShadowCltvMax, entropy, out var found))
            return null;
        if (!found.TryGet(out var route, out var refusal))
            return refusal;

        // The last line before money goes out: whatever made the route, it keeps within the order.
        if (route.Amount != order.Amount || route.Payee != order.Payee || route.Fee < MilliSatoshis.Zero || route.Fee > order.FeeMax)
            throw new InvalidOperationException("The route does not keep to the order.");
        using var session = SecretKey.Generate(entropy);
        Span<byte> sessionBytes = stackalloc byte[SecretKey.Length];
        session.WriteTo(sessionBytes);
        var sessionKey = new Bytes32(sessionBytes);
        sessionBytes.Clear();
        if (!AttemptOnion.Build(order, route, context.Height, sessionKey).TryGet(out var onion, out refusal))
            return refusal;

        var number = checked((ushort)(payment.Attempts.Count + 1));
        Record(step, new PaymentRecord.AttemptStarted(order.PaymentHash, number, route, context.Height, sessionKey, context.NowMilliseconds));
        var attempt = payment.Attempts[^1];
        attempt.SharedSecrets = onion.SharedSecrets;
        step.Add(new PaymentEffect.OfferHtlc(order.PaymentHash, number, route.FirstChannel, route.AmountSent, attempt.CltvExpiry, onion.Packet));
        return null;
    }

    private void End(PaymentStep step, OutgoingPayment payment, PaymentFailure reason, string text, PaymentContext context)
    {
        Record(step, new PaymentRecord.Failed(payment.Order.PaymentHash, reason, text, context.NowMilliseconds));
        step.Add(new PaymentEffect.Finished(payment));
    }

    private static void Keep(HashSet<Bytes32> set, Bytes32 hash, bool isIn)
    {
        if (isIn)
            set.Add(hash);
        else
            set.Remove(hash);
    }

    private void Record(PaymentStep step, PaymentRecord record)
    {
        Apply(record);
        step.Add(record);
    }
}
