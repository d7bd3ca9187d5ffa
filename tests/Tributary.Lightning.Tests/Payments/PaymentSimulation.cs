using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Tests.Routing;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using static Tributary.Lightning.Tests.Payments.PaymentWorld;

namespace Tributary.Lightning.Tests.Payments;

/// <summary>
/// A driver with bad luck: payments are ordered again and again, HTLCs end in every way, news come twice, and the process dies before a step is
/// durable or right after. What the channels did is the truth that the machine is held against.
/// </summary>
internal sealed class PaymentSimulation
{
    private const int Hashes = 6;

    private static readonly FailureCode[] s_codes =
    [
        FailureCode.TemporaryChannelFailure, FailureCode.TemporaryNodeFailure, FailureCode.FeeInsufficient, FailureCode.UnknownNextPeer,
        FailureCode.PermanentChannelFailure, FailureCode.IncorrectOrUnknownPaymentDetails, FailureCode.FinalIncorrectCltvExpiry,
    ];

    private readonly SampleDraws _random;
    private readonly PaymentWorld _world;
    private readonly Dictionary<Bytes32, int> _paid = [];
    private readonly Dictionary<Bytes32, PaymentOrder> _orders = [];
    private readonly List<HtlcKey> _gone = [];

    internal PaymentSimulation(ulong seed)
    {
        _random = new SampleDraws(seed);
        _world = new PaymentWorld(seed).Peer(1, 1).Peer(2, 2)
            .Join(1, 1, 2).Join(2, 2, 4).Join(3, 1, 3).Join(4, 3, 4).Join(5, 4, 5, SampleGraphs.Policy(10)).Join(6, 2, 5, SampleGraphs.Policy(50)).Join(7, 3, 5);
    }

    internal void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            switch (_random.Below(9))
            {
                case 0 or 1:
                    Pay();
                    break;
                case 2 or 3 or 4:
                    Resolve();
                    break;
                case 5:
                    _world.Now += _random.Below(20_000);
                    Take(_world.Machine.Tick(_world.Context));
                    break;
                case 6 when _gone.Count > 0:
                    // Old news once more.
                    Take(_world.Machine.HtlcResolved(_gone[_random.Below(_gone.Count)], new AttemptOutcome.TakenBack(), _world.Context));
                    break;
                case 7 when _random.Below(3) == 0:
                    Crash();
                    break;
                case 8 when _random.Below(4) == 0:
                    Take(_world.Machine.Abandon(PaymentHash(), _world.Context));
                    break;
            }

            Check();
        }

        Drain();
    }

    private Bytes32 PaymentHash() => _world.Order(4, 1 + _random.Below(Hashes)).PaymentHash;

    private void Pay()
    {
        var order = _world.Order(4 + _random.Below(2), 1 + _random.Below(Hashes), 10_000 + _random.Below(100_000)) with { AttemptsMax = 5 };
        if (_world.Machine.Pay(order, _world.Context).TryGet(out var step))
        {
            Assert.Equal(0, _paid.GetValueOrDefault(order.PaymentHash));
            _orders[order.PaymentHash] = order;
            Take(step);
        }
    }

    private void Resolve()
    {
        if (_world.Held.Count == 0)
            return;
        var (id, (key, attempt, outcome)) = _world.Held.ElementAt(_random.Below(_world.Held.Count));
        if (outcome is null)
        {
            outcome = Decide(attempt);
            _world.Held[id] = (key, attempt, outcome);
            if (outcome is AttemptOutcome.Fulfilled)
                _paid[attempt.PaymentHash] = _paid.GetValueOrDefault(attempt.PaymentHash) + 1;
        }

        // The preimage may come before the HTLC is gone.
        if (outcome is AttemptOutcome.Fulfilled fulfilled && _random.Below(2) == 0)
        {
            Take(_world.Machine.HtlcFulfilled(key, fulfilled.Preimage, _world.Context));
            return;
        }

        if (Take(_world.Machine.HtlcResolved(key, outcome, _world.Context)))
        {
            // Durable, so the channel may forget it.
            _world.Held.Remove(id);
            _gone.Add(key);
        }
    }

    private AttemptOutcome Decide(PaymentRecord.AttemptStarted attempt)
    {
        switch (_random.Below(8))
        {
            case 0 or 1:
                var number = Enumerable.Range(1, Hashes).First(i => _world.Order(4, i).PaymentHash == attempt.PaymentHash);
                return new AttemptOutcome.Fulfilled(Preimage(number));
            case 2:
                return new AttemptOutcome.TakenBack();
            case 3:
                return new AttemptOutcome.FailedMalformed(FailureCode.InvalidOnionHmac);
            case 4:
                return new AttemptOutcome.Failed(new byte[_random.Below(300)]);
            default:
                return FailureAt(attempt, _random.Below(attempt.Route.Hops.Count), FailureMessage.Of(s_codes[_random.Below(s_codes.Length)]));
        }
    }

    // False when the process died before the step was durable.
    private bool Take(PaymentStep step)
    {
        if (step.Records.Count > 0 && _random.Below(25) == 0)
        {
            Crash();
            return false;
        }

        foreach (var effect in _world.Commit(step).OfType<PaymentEffect.OfferHtlc>())
        {
            Assert.Equal(0, _paid.GetValueOrDefault(effect.PaymentHash));
            Assert.DoesNotContain(_world.Held.Values, held => held.Attempt.PaymentHash == effect.PaymentHash && held.Outcome is null);
            if (_random.Below(10) == 0)
            {
                Take(_world.Machine.HtlcRefused(effect.PaymentHash, effect.Attempt, _world.Context));
                continue;
            }

            var key = _world.Hold(effect);
            if (_random.Below(20) == 0)
                Crash();
            else
                Take(_world.Machine.HtlcOffered(effect.PaymentHash, effect.Attempt, key));
        }

        return true;
    }

    private void Crash()
    {
        _world.Restart();
        var held = _world.Held.Values.Select(static entry => (entry.Key, entry.Attempt.PaymentHash)).ToArray();
        _world.Commit(_world.Machine.Reconcile(held, _world.Context));
    }

    private void Check()
    {
        if (_random.Below(8) == 0)
            Assert.Equal(StateOf(_world.Machine), StateOf(_world.Replay()));
        foreach (var payment in _world.Machine.Payments)
        {
            Assert.True(payment.Outstanding <= payment.Order.Amount + payment.Order.FeeMax);
            Assert.True(payment.Attempts.Count(static attempt => attempt.IsOutstanding) <= 1);
            var hash = payment.Order.PaymentHash;
            var onChannels = _world.Held.Values.Where(held => held.Attempt.PaymentHash == hash && held.Outcome is null or AttemptOutcome.Fulfilled)
                .Where(held => held.Attempt.PaymentHash == hash)
                .Aggregate(MilliSatoshis.Zero, static (sum, held) => sum + held.Attempt.Route.AmountSent);
            Assert.True(onChannels <= payment.Order.Amount + payment.Order.FeeMax);
            if (payment.Status == PaymentStatus.Succeeded)
                Assert.Equal(1, _paid[hash]);
            if (payment.Status == PaymentStatus.Failed)
                Assert.Equal(0, _paid.GetValueOrDefault(hash));
        }

        Assert.All(_paid.Values, static times => Assert.Equal(1, times));
    }

    private void Drain()
    {
        while (_world.Held.Count > 0)
            Resolve();
        _world.Now += 1_000_000;
        Take(_world.Machine.Tick(_world.Context));
        while (_world.Machine.PendingCount > 0)
        {
            while (_world.Held.Count > 0)
                Resolve();
            Take(_world.Machine.Tick(_world.Context));
        }

        Assert.Equal(StateOf(_world.Machine), StateOf(_world.Replay()));
        Check();
        foreach (var hash in _orders.Keys)
        {
            var payment = _world.Machine.Find(hash);
            if (payment is null)
                continue;
            Assert.Equal(_paid.ContainsKey(hash) ? PaymentStatus.Succeeded : PaymentStatus.Failed, payment.Status);

            // Once for each time that the order was given.
            var given = _world.Log.Select(static bytes => PaymentRecordCodec.Read(bytes).Value).OfType<PaymentRecord.Started>().Count(started => started.PaymentHash == hash);
            Assert.Equal(given, _world.Finished.Count(finished => finished.Payment.Order.PaymentHash == hash));
        }

        foreach (var hash in _paid.Keys)
            Assert.Equal("payment_hash", _world.Machine.Pay(_orders[hash], _world.Context).Error.Field);
        Assert.Equal(MilliSatoshis.Zero, _world.Machine.Outstanding);
    }
}
