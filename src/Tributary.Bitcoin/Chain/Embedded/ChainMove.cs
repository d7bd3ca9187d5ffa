using Tributary.Bitcoin.Blocks;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>What a change of the active chain took back and put on, in the order in which it happened.</summary>
internal sealed class ChainMove
{
    /// <summary>Blocks taken back, the newest first.</summary>
    internal List<Block> Disconnected { get; } = [];

    /// <summary>Blocks put on, the oldest first. One that was put on and taken back in the same move is in neither list's end state.</summary>
    internal List<Block> Connected { get; } = [];

    internal bool IsEmpty => Disconnected.Count == 0 && Connected.Count == 0;

    internal void Disconnect(Block block)
    {
        // A branch that turned out invalid half-way: what it had put on is taken off as if it had never been.
        if (Connected.Count > 0 && Connected[^1].Hash == block.Hash)
            Connected.RemoveAt(Connected.Count - 1);
        else
            Disconnected.Add(block);
    }

    internal void Connect(Block block)
    {
        if (Connected.Count == 0 && Disconnected.Count > 0 && Disconnected[^1].Hash == block.Hash)
            Disconnected.RemoveAt(Disconnected.Count - 1);
        else
            Connected.Add(block);
    }
}
