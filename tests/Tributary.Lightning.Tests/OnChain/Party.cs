using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Keys;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>
/// One side with its monitor, its wallet, and the driver's part: records are kept, effects carried out. After every step a second monitor,
/// replayed from the records, must take the same step, and goes on in the first one's place.
/// </summary>
internal sealed class Party(ChainWorld world, IChannelClaims claims, ChannelKeys keys, byte walletSeed)
{
    private readonly List<byte[]> _journal = [];
    private readonly MonitorSettings _settings = new(new TestWallet(walletSeed).Script);
    private ChannelMonitor? _monitor;

    internal ScriptedClaims Claims => (ScriptedClaims)claims;

    internal TestWallet Wallet { get; } = new(walletSeed);

    internal FeeEstimates Fees { get; set; } = FeeEstimates.Flat(new FeeratePerKw(500));

    /// <summary>Every effect so far.</summary>
    internal List<MonitorEffect> Effects { get; } = [];

    /// <summary>Broadcasts that the mempool did not take, with the reason.</summary>
    internal List<string> Rejections { get; } = [];

    /// <summary>Its transactions go nowhere.</summary>
    internal bool IsMuted { get; set; }

    internal ChannelMonitor Monitor => _monitor ??= new ChannelMonitor(claims, keys, _settings);

    internal IReadOnlyList<byte[]> Journal => _journal;

    internal IEnumerable<T> Seen<T>()
        where T : MonitorEffect => Effects.OfType<T>();

    internal async Task HandleAsync(MonitorInput input)
    {
        var now = new ChainNow(world.Height, Fees);
        var replayed = Replay();
        Assert.Equal(Convert.ToHexString(Monitor.WriteCheckpoint()), Convert.ToHexString(replayed.WriteCheckpoint()));
        var step = Monitor.Handle(input, now);
        var again = replayed.Handle(input, now);
        Assert.Equal(step.Records.Select(Hex), again.Records.Select(Hex), StringComparer.Ordinal);
        Assert.Equal(step.Effects.Count, again.Effects.Count);
        _journal.AddRange(step.Records.Select(ClaimRecordCodec.Encode));
        _monitor = replayed;
        Effects.AddRange(step.Effects);
        Assert.True(IsLearntFirst(step.Effects), "A preimage comes before everything else.");
        foreach (var effect in step.Effects)
            await CarryOutAsync(effect);
    }

    /// <summary>Gives up leased coins that a reorganisation took away.</summary>
    internal async Task CheckLeasesAsync()
    {
        foreach (var purpose in Wallet.FindLost(outPoint => world.SpenderOf(outPoint) is not null))
        {
            Wallet.Release(purpose);
            await HandleAsync(new MonitorInput.CoinsWithdrawn(purpose));
        }
    }

    private static string Hex(ClaimRecord record) => Convert.ToHexString(ClaimRecordCodec.Encode(record));

    private static bool IsLearntFirst(IReadOnlyList<MonitorEffect> effects) =>
        effects.SkipWhile(static effect => effect is MonitorEffect.PreimageLearnt).All(static effect => effect is not MonitorEffect.PreimageLearnt);

    private ChannelMonitor Replay()
    {
        var replayed = new ChannelMonitor(claims, keys, _settings);

        // Every other time by way of a checkpoint.
        if (_journal.Count % 2 == 1)
            Assert.True(replayed.ReadCheckpoint(Monitor.WriteCheckpoint()).IsOk);
        else
            _journal.ForEach(bytes => replayed.Apply(ClaimRecordCodec.Decode(bytes).Value));
        return replayed;
    }

    private async Task CarryOutAsync(MonitorEffect effect)
    {
        switch (effect)
        {
            case MonitorEffect.Broadcast broadcast when !IsMuted:
                var signed = broadcast.Package.Select(Wallet.Sign).ToArray();
                AssertWeights(broadcast, signed);
                if (await world.BroadcastAsync(signed) is { } rejection)
                    Rejections.Add(rejection);
                break;
            case MonitorEffect.NeedsCoins request:
                await HandleAsync(new MonitorInput.CoinsSupplied(request.Purpose, Wallet.Lease(request), Wallet.Script));
                break;
            case MonitorEffect.ReleaseCoins release:
                Wallet.Release(release.Purpose);
                break;
            case MonitorEffect.NeedsForceClose close:
                await HandleAsync(new MonitorInput.BroadcastCommitment(close.Reason));
                break;
        }
    }

    // What a transaction is said to weigh and pay is what it does, to a byte for each signature.
    private static void AssertWeights(MonitorEffect.Broadcast broadcast, Transaction[] signed)
    {
        for (var i = 0; i < signed.Length; i++)
        {
            var slack = signed[i].InputCount * 2;
            Assert.InRange(signed[i].Weight, broadcast.Package[i].Weight - slack, broadcast.Package[i].Weight);
        }
    }
}
