using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>
/// One random life of a closed channel: any HTLCs, any side's commitment of any state, any preimages, a miner who at times leaves out what he
/// likes, an opponent who outbids, and reorganisations. Everything follows from the seed.
/// </summary>
internal sealed class Campaign(int seed)
{
    private const long Total = 10_000_000_000;
    private readonly Random _random = new(seed);
    private ScriptedChannel _channel = null!;
    private Party _us = null!;
    private Party _peer = null!;
    private int _broadcaster;
    private ulong _number;
    private bool _isRevoked;

    internal async Task RunAsync()
    {
        await using var world = await ChainWorld.CreateAsync();
        await OpenAsync(world);
        await CloseAsync(world);
        var commitment = _channel.Commitment(_broadcaster, _number);
        var end = world.Height + 170;
        while (world.Height < end)
        {
            await MineAsync(world);
            if (_random.Next(25) == 0 && world.Height > 140)
                await world.ReorganiseAsync(_random.Next(1, 5));
            if (_random.Next(8) == 0)
                _us.Fees = RandomFees();
            if (_random.Next(8) == 0)
                _peer.Fees = RandomFees();
        }

        AssertMoney(world, commitment);
        AssertOutcomes(world, commitment);
        await world.MineAsync(120);
        Assert.True(_us.Monitor.IsDone, "Everything is deep, and still watched.");
        Assert.Equal(0, _us.Wallet.Leases);
    }

    private async Task OpenAsync(ChainWorld world)
    {
        var format = _random.Next(4) == 0 ? CommitmentFormat.StaticRemoteKey : CommitmentFormat.AnchorsZeroFeeHtlc;
        var pair = await world.FundAsync(format, delay: _random.Next(16, 40));
        pair.Feerate = new FeeratePerKw(_random.Next(253, 1_500));
        var states = new List<ScriptedState>();
        ulong id = 0;
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var htlcs = Enumerable.Range(0, _random.Next(0, 7)).Select(_ => RandomHtlc(world.Height, id++)).ToArray();
            var first = _random.NextInt64(1_000_000_000, 8_000_000_000);
            states.Add(new ScriptedState(first - OfferedBy(0, htlcs), Total - first - OfferedBy(1, htlcs), htlcs));
        }

        _channel = new ScriptedChannel(pair, [.. states]);
    }

    private async Task CloseAsync(ChainWorld world)
    {
        var last = _channel.Last;
        _broadcaster = _random.Next(3) == 0 ? 0 : 1;
        _number = _broadcaster == 0 ? last : (ulong)_random.NextInt64((long)last + 1);
        var isNext = _broadcaster == 1 && _number == last && last > 0 && _random.Next(2) == 0;
        _isRevoked = _number < last;
        var remote = isNext ? last - 1 : last;
        var ours = isNext ? last - 1 : last;
        long[] coins = [.. Enumerable.Repeat(60_000L, 10)];
        _us = await world.JoinAsync(new ScriptedClaims(_channel, 0, ours, remote, isNext ? last : null), _channel.Pair.Keys[0], 0x41, coins);
        _peer = await world.JoinAsync(new ScriptedClaims(_channel, 1, _number, _number), _channel.Pair.Keys[1], 0x42, coins);
        (_us.Fees, _peer.Fees) = (RandomFees(), RandomFees());
        foreach (var htlc in _channel.States[(int)_number].Htlcs)
        {
            if (_random.Next(2) == 0)
                (htlc.Offerer == 0 ? _peer : _us).Claims.Known.Add(htlc.Hash);
        }

        await (_broadcaster == 0 ? _us : _peer).HandleAsync(new MonitorInput.BroadcastCommitment("campaign"));
    }

    private async Task MineAsync(ChainWorld world)
    {
        // One block in four is a whim: some of what waits, parents before children; the opponent's first where two conflict.
        if (_random.Next(4) != 0)
        {
            await world.MineAsync();
            return;
        }

        var waiting = (await world.Chain.GetMempoolAsync(TestContext.Current.CancellationToken)).Value.Select(static entry => entry.Transaction).ToList();
        var chosen = waiting.Where(_ => _random.Next(2) == 0).ToList();
        if (!await world.MineChosenAsync(chosen))
            await world.MineEmptyAsync();
    }

    // All money of the commitment, each output with who must have it in the end.
    private void AssertMoney(ChainWorld world, CommitmentTransaction commitment)
    {
        var ownership = new Ownership(world, commitment, _us, _peer);
        AssertOwner(_isRevoked ? 0 : _broadcaster, commitment.ToBroadcasterIndex, "to_local");
        AssertOwner(1 - _broadcaster, commitment.ToCountersignerIndex, "to_remote");
        foreach (var output in commitment.Htlcs)
        {
            var htlc = Find(output.Htlc);
            var receiver = 1 - htlc.Offerer;
            var isKnown = (receiver == 0 ? _us : _peer).Claims.Known.Contains(htlc.Hash);
            AssertOwner(_isRevoked ? 0 : isKnown ? receiver : htlc.Offerer, output.Index, $"HTLC {htlc}, known: {isKnown}");
        }

        void AssertOwner(int expected, int index, string what)
        {
            if (index >= 0 && ownership.OwnerOf(index) is var owner && owner != expected)
                Assert.Fail($"{what} of {_broadcaster}'s commitment (revoked: {_isRevoked}, {commitment.Contract.Format}) is with {owner?.ToString() ?? "nobody"} and belongs to {expected}.");
        }
    }

    private void AssertOutcomes(ChainWorld world, CommitmentTransaction commitment)
    {
        var ownership = new Ownership(world, commitment, _us, _peer);
        foreach (var live in LiveHtlc.Of(_us.Claims))
        {
            var seen = _us.Seen<MonitorEffect.HtlcResolvedOnChain>().Where(effect => effect.IsOffered == live.IsOffered && effect.Id == live.Htlc.Id).ToList();
            var resolved = Assert.Single(seen);
            var output = commitment.Htlcs.FirstOrDefault(output => output.Htlc.Id == live.Htlc.Id && output.Htlc.IsOffered == live.IsOffered == (_broadcaster == 0));
            if (output is null)
                Assert.Equal(ChainOutcome.Failed, resolved.Outcome);
            else if (!_isRevoked)
                Assert.Equal(ownership.OwnerOf(output.Index) == (live.IsOffered ? 1 : 0) ? ChainOutcome.Fulfilled : ChainOutcome.Failed, resolved.Outcome);
            if (live.IsOffered && resolved.Outcome == ChainOutcome.Fulfilled)
                Assert.Contains(_us.Seen<MonitorEffect.PreimageLearnt>(), learnt => learnt.PaymentHash == live.Htlc.PaymentHash && learnt.Preimage == resolved.Preimage);
        }
    }

    private ScriptedHtlc Find(in CommittedHtlc committed)
    {
        var (id, offerer) = (committed.Id, committed.IsOffered ? _broadcaster : 1 - _broadcaster);
        return _channel.States[(int)_number].Htlcs.Single(htlc => htlc.Id == id && htlc.Offerer == offerer);
    }

    // A third are dust; expiries leave time for what the miner and the branches take. Some are parts of one payment, alike but for their ids.
    private ScriptedHtlc RandomHtlc(int height, ulong id)
    {
        var offerer = _random.Next(2);
        if (_random.Next(4) == 0)
            return new ScriptedHtlc(offerer, id, 50_000_000, (uint)(height + 60)) { Preimage = Hashes.Sha256([(byte)offerer, 1, 2, 3]) };
        var amount = _random.Next(3) == 0 ? _random.Next(1_000, 350_000) : _random.Next(6_000_000, 400_000_000);
        return new ScriptedHtlc(offerer, id, amount, (uint)(height + _random.Next(45, 80)));
    }

    private FeeEstimates RandomFees()
    {
        var economy = _random.Next(253, 1_000);
        var normal = economy + _random.Next(0, 500);
        return new FeeEstimates(new FeeratePerKw(normal + _random.Next(0, 500)), new FeeratePerKw(normal), new FeeratePerKw(economy), FeePolicy.Floor);
    }

    private static long OfferedBy(int side, ScriptedHtlc[] htlcs) => htlcs.Where(htlc => htlc.Offerer == side).Sum(static htlc => htlc.AmountMsat);
}
