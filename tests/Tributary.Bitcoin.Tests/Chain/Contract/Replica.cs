using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

/// <summary>What a wallet makes of a chain stream: a list of blocks that grows and shrinks at its end. Any event that does not fit is a failure.</summary>
public sealed class Replica(ChainTip? from = null)
{
    private readonly List<BlockHash> _hashes = [];

    public ChainTip Tip { get; private set; } = from ?? new ChainTip(0, BitcoinNetwork.Regtest.GenesisHash);

    /// <summary>Events of each kind so far.</summary>
    public (int Connected, int Disconnected) Counts { get; private set; }

    public void Apply(ChainEvent step)
    {
        switch (step)
        {
            case ChainEvent.Connected connected:
                Assert.Equal(Tip.Height + 1, connected.Height);
                Assert.Equal(Tip.Hash, connected.Block.Header.PreviousBlock);
                Tip = new ChainTip(connected.Height, connected.Block.Hash);
                _hashes.Add(Tip.Hash);
                Counts = (Counts.Connected + 1, Counts.Disconnected);
                break;
            case ChainEvent.Disconnected disconnected:
                Assert.Equal(Tip, new ChainTip(disconnected.Height, disconnected.Block.Hash));
                Tip = new ChainTip(Tip.Height - 1, disconnected.Block.Header.PreviousBlock);
                if (_hashes.Count > 0)
                    _hashes.RemoveAt(_hashes.Count - 1);
                Counts = (Counts.Connected, Counts.Disconnected + 1);
                break;
        }
    }

    /// <summary>Follows until the replica's tip is the given one.</summary>
    public async Task FollowToAsync(EventReader<ChainEvent> events, ChainTip tip, CancellationToken cancellationToken)
    {
        while (Tip != tip)
            Apply(await events.NextAsync(cancellationToken));
    }
}
