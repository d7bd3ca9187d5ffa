using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>One input being handled: what is known, and the records and effects so far. A record is applied as it is made.</summary>
internal sealed class MonitorTurn(IChannelClaims claims, ChannelKeys keys, MonitorSettings settings, MonitorState state, ChainNow now)
{
    private readonly List<ClaimRecord> _records = [];
    private readonly List<MonitorEffect> _learnt = [];
    private readonly List<MonitorEffect> _effects = [];

    internal IChannelClaims Claims { get; } = claims;

    internal ChannelKeys Keys { get; } = keys;

    internal MonitorSettings Settings { get; } = settings;

    internal MonitorState State { get; } = state;

    internal ChainNow Now { get; } = now;

    internal int Height => Now.Height;

    /// <summary>Say again what is under way.</summary>
    internal bool Repeats { get; init; }

    /// <summary>The wallet may be asked for coins: not in the turn in which it has just answered.</summary>
    internal bool AsksForCoins { get; init; } = true;

    internal bool HasAnchors => Claims.LocalContract.Format.HasAnchors();

    /// <summary>What nothing is relayed below.</summary>
    internal FeeratePerKw FeerateFloor => FeePolicy.Least(Now.Fees);

    internal MonitorStep ToStep() => new(_records, [.. _learnt, .. _effects]);

    internal void Record(ClaimRecord record)
    {
        State.Apply(record);
        _records.Add(record);
    }

    /// <summary>Preimages come before all else.</summary>
    internal void Emit(MonitorEffect effect) => (effect is MonitorEffect.PreimageLearnt ? _learnt : _effects).Add(effect);

    internal bool TryGetPreimage(Bytes32 paymentHash, out Bytes32 preimage) =>
        State.Preimages.TryGetValue(paymentHash, out preimage) || Claims.TryGetPreimage(paymentHash, out preimage);

    /// <summary>Confirmations of what is in a block of this height.</summary>
    internal int Depth(int height) => Height - height + 1;

    /// <summary>The claim that is out for an output.</summary>
    internal ClaimRecord.ClaimMade? OpenClaim(OutPoint outPoint) => State.OpenClaims.FirstOrDefault(claim => claim.Outputs.Contains(outPoint));

    /// <summary>Records a claim; it takes the place of those it conflicts with.</summary>
    internal ClaimRecord.ClaimMade Make(ClaimTransaction claim, IReadOnlyList<OutPoint> outputs, int firstHeight)
    {
        var made = new ClaimRecord.ClaimMade(claim, outputs, firstHeight, Height);
        Record(made);
        return made;
    }

    /// <summary>
    /// The least fee by weight for a transaction that spends these outputs, given ours that do so already (BIP 125, rules 3 and 4, and the
    /// feerate of each).
    /// </summary>
    internal Func<long, Satoshis> FeeMin(IReadOnlyCollection<OutPoint> outputs)
    {
        var conflicts = State.OpenClaims.Where(claim => claim.Outputs.Any(outputs.Contains)).Select(static claim => claim.Claim).ToList();
        if (conflicts.Count == 0)
            return static _ => Satoshis.Zero;

        return weight =>
        {
            var sum = conflicts.Aggregate(Satoshis.Zero, static (total, claim) => total + claim.Fee);
            var least = sum + FeePolicy.Increment.FeeForWeight(weight) + new Satoshis(1);
            foreach (var conflict in conflicts)
            {
                // Signatures may have come out a byte shorter than they were weighed: one part in a hundred covers that.
                var byRate = new Satoshis(((conflict.Fee.Value * weight / conflict.Weight) * 101 / 100) + 1);
                least = byRate > least ? byRate : least;
            }

            return least;
        };
    }

    internal void EmitBroadcast(ClaimTransaction claim, int? deadline) =>
        Emit(new MonitorEffect.Broadcast([claim], claim.Feerate, deadline));
}
