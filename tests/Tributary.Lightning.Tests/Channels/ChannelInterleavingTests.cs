using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

/// <summary>
/// Random interleavings of payments, fees, lost connections and killed processes. A failing seed replays alone with
/// <c>TRIBUTARY_CHANNEL_SEED</c>; <c>TRIBUTARY_CHANNEL_RUNS</c> runs more of them.
/// </summary>
public sealed class ChannelInterleavingTests
{
    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_CHANNEL_RUNS"), out var runs) ? runs : 60;

    [Fact]
    public void No_interleaving_loses_doubles_or_leaks_anything()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_CHANNEL_SEED"), out var only))
        {
            new Run(only).Play();
            return;
        }

        for (var seed = 0; seed < Runs; seed++)
        {
            try
            {
                new Run(seed).Play();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"TRIBUTARY_CHANNEL_SEED={seed}", failure);
            }
        }
    }

    private sealed class Run(int seed)
    {
        private const long Push = 400_000_000;
        private const long Funding = 1_000_000;

        private readonly Random _random = new(seed);
        private readonly ChannelPair _pair = ChannelPair.Ready(Funding, Push, seed % 3 == 0 ? ChannelType.StaticRemoteKey : ChannelType.Anchors);
        private readonly Dictionary<(bool ByOpener, ulong Id), (long Amount, int Number)> _offers = [];
        private readonly Dictionary<(bool ByOpener, ulong Id), bool> _decisions = [];
        private int _next = 1;

        internal void Play()
        {
            using (_pair)
            {
                var steps = 150 + _random.Next(150);
                for (var i = 0; i < steps; i++)
                {
                    Act();
                    CheckHealthy();
                    if (_random.Next(10) == 0)
                        _pair.CheckInvariants();
                }

                Finish();
            }
        }

        private TestNode Any() => _random.Next(2) == 0 ? _pair.Opener : _pair.Accepter;

        private void Act()
        {
            var node = Any();
            switch (_random.Next(100))
            {
                case < 14:
                    Offer(node);
                    break;
                case < 26:
                    Decide(node);
                    break;
                case < 28:
                    Step(_pair.Opener, () => _pair.Opener.Channel.UpdateFee(new FeeratePerKw(300 + _random.Next(4000))) is var fee && fee.IsOk ? fee.Value : new ChannelStep());
                    break;
                case < 70:
                    Deliver(node);
                    break;
                case < 92:
                    if (node.IsConnected)
                        Step(node, () => node.Channel.Flush(_pair.Context));
                    break;
                case < 94:
                    _pair.Disconnect();
                    break;
                case < 97:
                    _pair.Connect();
                    break;
                default:
                    _pair.Crash(node);
                    break;
            }
        }

        // Now and then the process dies with a step: before its records are durable, between two of them, or before its effects are out.
        private bool Step(TestNode node, Func<ChannelStep> input)
        {
            var step = input();
            if (step.IsEmpty || _random.Next(40) != 0)
            {
                node.Run(step);
                return true;
            }

            var durable = _random.Next(step.Records.Count + 1);
            foreach (var record in step.Records.Take(durable))
                node.Log.Add(ChannelRecordCodec.Encode(record));
            _pair.Crash(node);
            return durable == step.Records.Count;
        }

        private void Offer(TestNode node)
        {
            var number = _next++;
            var amount = _random.Next(4) == 0 ? 1_000 + _random.Next(600_000) : 1_000_000 + _random.Next(40_000_000);
            ulong id = 0;
            var offered = false;
            var durable = Step(node, () =>
            {
                offered = node.Channel.OfferHtlc(ChannelPair.Offer(amount, number), _pair.Context, out id).TryGet(out var step);
                return offered ? step! : new ChannelStep();
            });
            if (offered && durable)
                _offers[(node == _pair.Opener, id)] = (amount, number);
        }

        private void Decide(TestNode node)
        {
            if (node.Undecided.Count == 0)
                return;
            var htlc = node.Undecided.Values.ElementAt(_random.Next(node.Undecided.Count));
            var key = (node != _pair.Opener, htlc.Id);
            var fulfils = _random.Next(3) > 0;
            node.Undecided.Remove(htlc.Id);
            var number = BitConverter.ToInt32(htlc.Onion.Span);
            Assert.Equal(_offers[key], (htlc.Amount.Value, number));
            var durable = Step(node, () => fulfils
                ? node.Channel.FulfillHtlc(htlc.Id, ChannelPair.Preimage(number)).Value
                : node.Channel.FailHtlc(htlc.Id, new byte[] { 7 }).Value);
            if (durable)
                Assert.True(_decisions.TryAdd(key, fulfils), "an HTLC was offered for decision again after one was made");
        }

        private void Deliver(TestNode from)
        {
            if (!from.Outgoing.TryDequeue(out var bytes))
                return;
            var to = _pair.PeerOf(from);
            Step(to, () => to.Channel.Handle(LightningMessage.Read(bytes).Value, _pair.Context));
        }

        private void CheckHealthy()
        {
            foreach (var node in _pair.Both)
            {
                Assert.True(node.Complaints.Count == 0, node.Complaints.Count == 0 ? "" : ChannelErrors.Show(Text(node.Complaints[0])));
                Assert.Equal(ChannelStage.Open, node.State.Stage);
            }
        }

        private static ReadOnlyMemory<byte> Text(LightningMessage complaint) => complaint is Warning warning ? warning.Data : ((Error)complaint).Data;

        private void Finish()
        {
            _pair.Connect();
            _pair.Settle();
            for (var round = 0; round < 1000 && _pair.Both.Any(node => node.Undecided.Count > 0); round++)
            {
                Decide(_pair.Opener);
                Decide(_pair.Accepter);
                _pair.Connect();
                _pair.Settle();
            }

            CheckHealthy();
            _pair.CheckInvariants();
            _pair.CheckReplay();
            Assert.True(_pair.Opener.State.IsClear && _pair.Accepter.State.IsClear);
            CheckPayments();
            Close();
        }

        private void CheckPayments()
        {
            var opener = (Funding * 1000) - Push;
            foreach (var ((byOpener, id), (amount, number)) in _offers)
            {
                var fulfilled = _decisions[(byOpener, id)];
                var outcome = (byOpener ? _pair.Opener : _pair.Accepter).Outcomes[id];
                Assert.Equal(fulfilled, outcome is HtlcOutcome.Fulfilled);
                if (!fulfilled)
                    continue;
                Assert.Equal(ChannelPair.Preimage(number), ((HtlcOutcome.Fulfilled)outcome).Preimage);
                Assert.Equal(ChannelPair.Preimage(number), (byOpener ? _pair.Opener : _pair.Accepter).Preimages[id]);
                opener += byOpener ? -amount : amount;
            }

            Assert.Equal(_offers.Count, _pair.Opener.Outcomes.Count + _pair.Accepter.Outcomes.Count);
            Assert.Equal(opener, _pair.Opener.Channel.GetBalance().Ours.Value);
            Assert.Equal((Funding * 1000) - opener, _pair.Accepter.Channel.GetBalance().Ours.Value);
        }

        private void Close()
        {
            var first = Any();
            first.Run(first.Channel.Shutdown(null).Value);
            for (var round = 0; round < 20 && _pair.Both.Any(node => node.State.Stage != ChannelStage.Closed); round++)
            {
                for (var i = 0; i < 8; i++)
                {
                    Deliver(Any());
                    if (_random.Next(6) == 0)
                        _pair.Crash(Any());
                }

                _pair.Connect();
                if (round > 10)
                    _pair.Settle();
            }

            Assert.All(_pair.Both, node => Assert.Equal(ChannelStage.Closed, node.State.Stage));
            Assert.Equal(_pair.Opener.State.ClosingTransaction!.TxId, _pair.Accepter.State.ClosingTransaction!.TxId);
            Assert.All(_pair.Both, node => Assert.Empty(node.Complaints));
            _pair.CheckReplay();
        }
    }
}
