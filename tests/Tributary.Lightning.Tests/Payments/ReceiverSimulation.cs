using Tributary.Crypto;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Tests.Routing;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Payments;

/// <summary>
/// Payers who send parts of every kind, an operator who settles and cancels, blocks, and a process that dies before a step is durable or right
/// after it: what came of each HTLC is the truth that the machine is held against.
/// </summary>
internal sealed class ReceiverSimulation(ulong seed)
{
    private readonly SampleDraws _random = new(seed);
    private readonly ReceiverWorld _world = new(seed: seed);
    private readonly List<(InvoiceSheet Sheet, Bytes32? Preimage)> _invoices = [];
    private readonly Dictionary<HtlcKey, ReceivedHtlc> _htlcs = [];

    // What the channel did with an HTLC: true for taken.
    private readonly Dictionary<HtlcKey, bool> _outcomes = [];

    internal void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            switch (_random.Below(10))
            {
                case 0 or 1:
                    Create();
                    break;
                case 2 or 3 or 4 or 5 when _invoices.Count > 0:
                    Pay();
                    break;
                case 6:
                    _world.Now += _random.Below(40_000);
                    _world.Height += (uint)_random.Below(12);
                    Take(_world.Machine.Tick(_world.Now, _world.Height));
                    break;
                case 7 when _invoices.Count > 0:
                    var (_, preimage) = Pick();
                    if (preimage is { } known && _world.Machine.Settle(known, _world.Now, _world.Height).TryGet(out var settle))
                        Take(settle);
                    break;
                case 8 when _invoices.Count > 0:
                    if (_random.Below(3) == 0 && _world.Machine.Cancel(Pick().Sheet.PaymentHash, _world.Now, _world.Height).TryGet(out var cancel))
                        Take(cancel);
                    break;
                case 9 when _random.Below(3) == 0:
                    Crash();
                    break;
            }

            Check();
        }

        _world.Now += 100_000_000;
        _world.Height += 1000;
        for (var i = 0; i < 20; i++)
            Take(_world.Machine.Tick(_world.Now += 60_000, _world.Height));
        Check();
        Assert.All(_htlcs.Keys, key => Assert.Contains(key, _outcomes));
    }

    private (InvoiceSheet Sheet, Bytes32? Preimage) Pick() => _invoices[_random.Below(_invoices.Count)];

    private void Create()
    {
        var isHold = _random.Below(2) == 0;
        var secret = Hashes.Sha256([(byte)_invoices.Count]);
        var sheet = _world.Invoice(_random.Below(4) == 0 ? null : 100_000, isHold, isHold && _random.Below(2) == 0 ? Hashes.Sha256(secret.Span) : null);
        _invoices.Add((sheet, sheet.Preimage ?? secret));
    }

    private void Pay()
    {
        var sheet = Pick().Sheet;
        var total = _random.Below(6) == 0 ? 50_000 + _random.Below(200_000) : 100_000;
        var amount = _random.Below(2) == 0 ? total : 1 + _random.Below(total);
        var expiry = _world.Height + sheet.MinFinalCltvDelta + (uint)_random.Below(40);
        if (_random.Below(12) == 0)
            expiry -= 45;
        var htlc = _random.Below(15) == 0
            ? _world.Keysend(Hashes.Sha256([(byte)_random.Below(5), 9]), amount, expiry)
            : _world.Part(sheet, amount, total, expiry, _random.Below(12) == 0 ? static payload => payload with { PaymentSecret = default(Bytes32) } : null, 1 + _random.Below(3));
        _htlcs.Add(htlc.Key, htlc);
        Take(_world.Machine.HtlcCommitted(htlc, ReceiverWorld.NodeKey, _world.Now, _world.Height));
    }

    private void Take(InvoiceStep step)
    {
        if ((step.Records.Count > 0 || step.Effects.Count > 0) && _random.Below(20) == 0)
        {
            Crash();
            return;
        }

        Carry(_world.Run(step));
    }

    private void Carry(IReadOnlyList<InvoiceEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case InvoiceEffect.FulfillHtlc fulfil:
                    Assert.Equal(_htlcs[fulfil.Htlc].PaymentHash, Hashes.Sha256(fulfil.Preimage.Span));
                    Decide(fulfil.Htlc, taken: true);
                    break;
                case InvoiceEffect.FailHtlc fail:
                    Decide(fail.Htlc, taken: false);
                    break;
                case InvoiceEffect.FailMalformedHtlc fail:
                    Decide(fail.Htlc, taken: false);
                    break;
            }
        }
    }

    private void Decide(HtlcKey key, bool taken)
    {
        Assert.Equal(taken, _outcomes.GetValueOrDefault(key, taken));
        _outcomes[key] = taken;
    }

    // The channels tell of every HTLC again that nobody decided on, in another order maybe.
    private void Crash()
    {
        _world.Restart();
        foreach (var htlc in _htlcs.Values.Where(htlc => !_outcomes.ContainsKey(htlc.Key)).OrderBy(_ => _random.Next()).ToArray())
            Carry(_world.Commit(htlc));
    }

    private void Check()
    {
        if (_random.Below(8) == 0)
            Assert.Equal(ReceiverWorld.StateOf(_world.Machine), ReceiverWorld.StateOf(_world.Replay()));
        foreach (var invoice in _world.Machine.Invoices)
        {
            var hash = invoice.Sheet.PaymentHash;
            var taken = _htlcs.Values.Where(htlc => htlc.PaymentHash == hash && _outcomes.GetValueOrDefault(htlc.Key)).ToArray();
            if (invoice.Status != InvoiceStatus.Settled)
            {
                Assert.Empty(taken);
                continue;
            }

            // Those of the record and no others, as much as was asked for and at most twice that.
            Assert.Equal(invoice.Parts.ToHashSet(), taken.Select(static htlc => htlc.Key).ToHashSet());
            var sum = taken.Sum(static htlc => htlc.Amount.Value);
            Assert.Equal(invoice.AmountReceived.Value, sum);
            if (invoice.Sheet.Amount is { } asked)
                Assert.InRange(sum, asked.Value, asked.Value * 2);
        }
    }
}
